"""Jinja2 as Django's one template engine; nothing undefined passes."""

from __future__ import annotations

from django.template.backends.jinja2 import Jinja2
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, StrictUndefined

from jixiao.kit.web.filters import FILTERS
from jixiao.kit.web.forms import control
from jixiao.kit.web.listing import drawer


class Templates(Jinja2):
    """The backend for TEMPLATES: as Django's, but an app's pages lie in its `templates` folder."""

    app_dirname = "templates"


def url(name: str, *args: object, **kwargs: object) -> str:
    """The address of a named view: `url("subject", id)`; raises NoReverseMatch."""
    return reverse(name, args=args, kwargs=kwargs)


def environment(**options: object) -> Environment:
    """Called by Django's Jinja2 backend with its OPTIONS."""
    options["undefined"] = StrictUndefined
    options["autoescape"] = True
    made = Environment(**options, trim_blocks=True, lstrip_blocks=True)  # type: ignore[arg-type]  # nosec B701
    made.globals.update(static=static, url=url, control=control, drawer=drawer)
    made.filters.update(FILTERS)
    return made
