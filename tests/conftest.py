"""What every test stands on: folders of its own and property tests that do not mind a busy machine."""

from __future__ import annotations

import hypothesis
import pytest
from django.conf import settings

hypothesis.settings.register_profile("jixiao", deadline=None, print_blob=True)
hypothesis.settings.load_profile("jixiao")


@pytest.fixture(scope="session", autouse=True)
def folders_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Uploads and reports of tests never land among those of this machine."""
    if settings.configured:
        settings.UPLOADS = tmp_path_factory.mktemp("uploads")
        settings.REPORTS = tmp_path_factory.mktemp("reports")
