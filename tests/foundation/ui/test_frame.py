import re

import pytest

from accounts.enums import Role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "title"), [("zh-hans", "页面不存在"), ("en", "There is no such page")])
def test_a_missing_page_speaks_the_readers_language(client, language, title):
    client.cookies["django_language"] = language
    response = client.get("/nowhere/at/all/")
    assert response.status_code == 404
    assert title in response.content.decode()


def test_pages_have_no_inline_script_or_style(client):
    html = client.get("/account/login/").content.decode()
    assert not re.search(r"<script(?![^>]*\b(?:src=|type=\"application/json\"))|<style|\sstyle=|\son[a-z]+=", html)


def test_theme_and_type_size_are_kept_in_cookies_and_drawn_by_the_server(client):
    client.post("/preferences/", {"theme": "dark", "next": "/account/login/"})
    response = client.post("/preferences/", {"text": "large", "next": "/account/login/"})
    assert response.headers["Location"] == "/account/login/"
    html = client.get("/account/login/").content.decode()
    assert 'data-theme="dark"' in html
    assert 'data-text="large"' in html


def test_preferences_lead_nowhere_else_and_take_only_known_values(client):
    response = client.post("/preferences/", {"theme": "<script>", "next": "https://example.com/"})
    assert response.headers["Location"] == "/"
    assert "theme" not in response.cookies


def test_the_language_switch_stands_on_the_page_and_works(client):
    assert 'value="en"' in client.get("/account/login/").content.decode()
    client.post("/i18n/setlang/", {"language": "en", "next": "/account/login/"})
    assert '<html lang="en"' in client.get("/account/login/").content.decode()


@pytest.mark.parametrize(("language", "title"), [("zh-hans", "页面不存在"), ("en", "There is no such page")])
def test_a_page_missing_in_the_office_keeps_the_office_around_it_and_a_way_back(client, staff, language, title):
    client.force_login(staff(Role.AUDITOR))
    client.cookies["django_language"] = language
    response = client.get("/admin/nowhere/at/all/")
    html = response.content.decode()
    assert response.status_code == 404
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", html) == [title]
    assert 'class="btn" href="/admin/"' in html
    assert 'id="wagtail-sidebar"' in html


def test_no_choice_is_a_row_of_dashes(client, staff):
    """Neither in a form, where one is asked to choose, nor in a filter, where nothing chosen means all."""
    client.force_login(staff(Role.SYSTEM_ADMINISTRATOR))
    form = client.get("/admin/accounts/staff/add/").content.decode()
    assert re.search(r'<option value=""[^>]*>请选择</option>', form)
    filters = client.get("/admin/accounts/staff/").content.decode()
    assert "全部" in filters
    assert "-----" not in form + filters
