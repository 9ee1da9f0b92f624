"""Tablets of the cast."""

from collections.abc import Callable

import pytest

from tests.cast import Person
from tests.sync.tablet import Tablet


@pytest.fixture
def tablet(sign_in) -> Callable[..., Tablet]:
    """`tablet(cast.alice)`: her tablet, signed in; `device=` for a second one or a shared one."""

    def make(person: Person, device: str | None = None) -> Tablet:
        return Tablet(sign_in(person, device), person.part)

    return make
