"""A Paper to take along: as Word, or as PDF where the machine has a Chinese font for every character."""

from __future__ import annotations

from io import BytesIO
from typing import Literal

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from jixiao.kit import docx, pdf
from jixiao.kit.paper import Paper, PaperRefused

KINDS = {
    "docx": (docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (pdf, "application/pdf"),
}


def download(request: HttpRequest, paper: Paper, ending: Literal["docx", "pdf"], back: str) -> HttpResponseBase:
    """The paper as a file named by its title; what cannot be set truly leads back and says what to install."""
    setter, kind = KINDS[ending]
    try:
        content = setter.render(paper)
    except PaperRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    return FileResponse(BytesIO(content), as_attachment=True, filename=f"{paper.title}.{ending}", content_type=kind)
