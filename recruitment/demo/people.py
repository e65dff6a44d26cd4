"""People with invented names and valid ID numbers of an area that was never given out."""

import random
from collections.abc import Iterator
from datetime import date

from accounts.domain import create_candidate_user
from recruitment.candidates.domain import register_candidate, save_education, save_profile
from recruitment.candidates.models import Candidate
from recruitment.demo.words import GIVEN, MAJORS, SCHOOLS, SURNAMES
from rulebook.identity import check_digit

NO_AREA = "999999"


def invented_name(draw: random.Random) -> str:
    """A surname and a given name that were drawn separately."""
    return draw.choice(SURNAMES) + draw.choice(GIVEN)


def id_number(serial: int, born: date) -> str:
    """A number whose check digit is right and whose area code belongs to nowhere; `serial` from 1 to 999 a day."""
    first = f"{NO_AREA}{born:%Y%m%d}{serial:03d}"
    return first + check_digit(first)


class People:
    """Makes candidates with complete profiles, the same ones for the same seed."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.serials: Iterator[int] = iter(range(1, 10**6))

    def candidate(self, sector: str, *, degree: str = "bachelor") -> Candidate:
        """A candidate who studied what the sector looks for; degree bachelor, master or doctor."""
        serial, name = next(self.serials), invented_name(self.draw)
        year = {"bachelor": 1999, "master": 1996, "doctor": 1992}[degree] - self.draw.randrange(4)
        born = date(year, 1 + serial % 12, 1 + serial % 28)
        user = create_candidate_user(
            username=f"demo-candidate-{serial}", name=name, email=f"demo{serial}@example.invalid", is_demo=True
        )
        candidate = register_candidate(user=user, name=name)
        candidate = save_profile(
            actor=user,
            candidate=candidate,
            answers={
                "name": name,
                "id_number": id_number(1 + serial % 999, born),
                "political_status": self.draw.choice(["none", "league_member", "party_member"]),
                "graduate_kind": "unemployed",
            },
        )
        major, code = MAJORS[sector]
        save_education(
            actor=user,
            candidate=candidate,
            level=degree,
            degree=degree,
            school=self.draw.choice(SCHOOLS),
            major=major,
            major_code=code,
            graduated_on=date(year + {"bachelor": 22, "master": 25, "doctor": 29}[degree], 6, 30),
        )
        return candidate
