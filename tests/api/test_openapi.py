"""The description is made of what is declared, so it is what is served."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver
from tests.api.callers import caller
from tests.browsing import signed_in, text

from jixiao.api.endpoints import ENDPOINTS
from jixiao.overview.access import ACCESS, BY_TOKEN

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget():
    cache.clear()


def document():
    return Client().get("/api/v1/openapi.json").json()


def references(part):
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "$ref":
                yield value.rsplit("/", 1)[1]
            else:
                yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def test_every_address_and_method_is_described_and_no_other():
    described = {(path, method) for path, methods in document()["paths"].items() for method in methods}
    served = {
        ("/api/v1/" + re.sub(r"<[a-z]+:([a-z]+)>", r"{\1}", endpoint.route), one.method.lower())
        for endpoint in ENDPOINTS
        for one in endpoint.operations
    }
    assert described == served


def test_every_shape_that_is_named_is_there():
    found = document()
    assert set(references(found)) == set(found["components"]["schemas"])


def test_what_is_sent_is_what_is_described():
    factory = caller()
    page = factory.get("subjects")
    described = document()["paths"]["/api/v1/subjects"]["get"]["responses"]["200"]
    assert set(described["content"]["application/json"]["schema"]["properties"]) == set(page)


def test_names_of_the_api_and_only_they_stand_under_its_address():
    resolver = get_resolver()
    routes = {name: resolver.reverse_dict.getlist(name)[0][0][0][0] for name in ACCESS}
    assert {n for n in ACCESS if n.startswith("api-")} == {n for n in ACCESS if f"/{routes[n]}".startswith(BY_TOKEN)}


def test_the_page_names_every_address_and_every_column_of_an_import():
    page = text(signed_in(), "/help/api/")
    for endpoint in ENDPOINTS:
        assert endpoint.address in page
    assert "凭证号" in page
    assert "<script>" not in page
