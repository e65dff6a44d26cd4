"""Every page of the office that the county has, read in Chinese: one heading, a title, no code where a word belongs."""

import re

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from tests.walls.test_other_unit import PLAIN, addresses

pytestmark = pytest.mark.django_db

NO_PAGE = re.compile(r"<script.*?</script>|<style.*?</style>|<template.*?</template>", re.S)
HEADING = re.compile(r"<h1\b")
TITLE = re.compile(r"<title>\s*(.*?)\s*</title>", re.S)
ISO_DAY = re.compile(r"(?<![\w-])20\d\d-\d\d-\d\d(?![\w-])")
# Fragments that a list fetches for itself, and acts upon ticked rows.
FRAGMENTS = ("_results", "bulk_")


def pages(client, owner):
    """(address, the page as written) of every page of the office that opens for somebody with every role."""
    client.force_login(owner)
    plain = [reverse(name) for name in sorted(PLAIN) if not any(part in name for part in FRAGMENTS)]
    for url in [*plain, *(url for _name, url in addresses(owner))]:
        response = client.get(url)
        if response.status_code == 200 and not response.streaming and "text/html" in response["Content-Type"]:
            yield url, NO_PAGE.sub("", response.content.decode())


def test_every_page_has_one_heading_and_a_title_and_shows_no_dashes_and_no_machine_dates(client, owner):
    found, wrong = list(pages(client, owner)), []
    for url, html in found:
        dates = ISO_DAY.findall(strip_tags(html))
        seen = (len(HEADING.findall(html)), bool(TITLE.search(html)), "-----" in strip_tags(html), dates[:2])
        wrong += [(url, *seen)] if seen != (1, True, False, []) else []
    assert len(found) > 120
    assert not wrong, "\n".join(map(str, wrong))


def test_no_two_registers_have_the_same_title(client, owner):
    """By the title alone one knows in which window one is."""
    titles = {}
    plain = {reverse(name) for name in PLAIN}
    for url, html in pages(client, owner):
        if url in plain:
            titles.setdefault(TITLE.search(html)[1], []).append(url)
    assert {title: urls for title, urls in titles.items() if len(urls) > 1} == {}
