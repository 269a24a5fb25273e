"""Every address is in the access table, and every line of the table is an address."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from jixiao.domain.actors import ADMINISTRATORS
from jixiao.overview.access import ACCESS, BUSINESS
from jixiao.overview.menu import MENU


def names(resolver: URLResolver) -> Iterator[str | None]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield entry.name
        else:
            yield from names(entry)


def test_every_address_is_in_the_access_table_and_the_other_way_round() -> None:
    assert set(names(get_resolver())) == set(ACCESS)


def test_no_address_is_written_twice() -> None:
    found = list(names(get_resolver()))
    assert len(found) == len(set(found))


def test_administrators_open_no_business_page() -> None:
    assert not BUSINESS & ADMINISTRATORS
    business = [name for name, roles in ACCESS.items() if roles == BUSINESS]
    assert business
    assert not any(ACCESS[name] & ADMINISTRATORS for name in business)


@pytest.mark.parametrize("name", [name for _, items in MENU for name, _ in items])
def test_every_menu_item_is_an_address(name: str) -> None:
    assert name in ACCESS
