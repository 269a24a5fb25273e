"""PLACEHOLDER: the owner replaces this file."""

from django.http import HttpResponse


def page(request):
    return HttpResponse("not yet")


def docx(request):
    return HttpResponse("not yet")


def pdf(request):
    return HttpResponse("not yet")
