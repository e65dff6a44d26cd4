import re

import pytest

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
