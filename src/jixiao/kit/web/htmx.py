"""What a view needs to know of htmx: is a fragment wanted, and how to send the browser elsewhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect


def wants_fragment(request: HttpRequest) -> bool:
    """True where htmx asks for a part; a page restored from history is whole."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"


def redirect(request: HttpRequest, to: str) -> HttpResponse:
    """See other: an ordinary redirect, or HX-Redirect, since htmx would put a redirect's page into the fragment."""
    if wants_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": to})
    response = HttpResponseRedirect(to)
    response.status_code = 303
    return response
