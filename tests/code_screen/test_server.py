"""Who may come to the page: the key, the cookie, the host name, the origin; and what the answers forbid."""

from __future__ import annotations

import socket
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from framing.code_screen.screen import Screen
from framing.code_screen.server import PageServer
from framing.errors import InputError
from tests.code_screen.draws import TAB, make_draw
from tests.code_screen.serving import serving


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(Screen(make_draw(tmp_path_factory.mktemp("served") / "draw"), "anna")) as server:
        yield server


@pytest.fixture
def base(server):
    parts = urlsplit(server.address)
    return f"{parts.scheme}://{parts.netloc}"


@pytest.fixture
def client(server, base):
    with httpx.Client(base_url=base) as client:
        entered = client.get(server.address)
        assert entered.status_code == 303
        yield client


def post(client, base, message=None, **headers):
    sent = {"Origin": base, "X-Framing": "screen", **{key.replace("_", "-"): value for key, value in headers.items()}}
    content = {"do": "open", "tab": TAB} if message is None else message
    return client.post("/ask", json=content, headers={key: value for key, value in sent.items() if value})


def test_the_address_is_on_this_machine_and_hard_to_guess(server):
    parts = urlsplit(server.address)
    assert parts.hostname == "127.0.0.1"
    assert len(parse_qs(parts.query)["key"][0]) == 43
    with socket.socket() as other:
        other.settimeout(1)
        with pytest.raises(OSError, match=r"refused|timed out"):
            other.connect(("127.0.0.2", parts.port))


def test_the_key_is_exchanged_for_a_strict_cookie(server):
    with httpx.Client() as client:
        entered = client.get(server.address)
        assert (entered.status_code, entered.headers["Location"]) == (303, "/")
        cookie = entered.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert parse_qs(urlsplit(server.address).query)["key"][0] not in cookie


def test_the_address_for_the_command_line_of_a_browser_works_once(server):
    address = server.make_short_lived_address()
    assert httpx.get(address).status_code == 303
    assert httpx.get(address).status_code == 403
    assert httpx.get(server.address).status_code == 303


@pytest.mark.parametrize("path", ["/", "/screen.js", "/screen.css", "/page.js", "/nothing", "/?key=", "/?key=wrong"])
def test_without_the_key_nothing_is_shown(base, path):
    answer = httpx.get(base + path)
    assert answer.status_code == 403
    assert "tiny" not in answer.text
    assert "<script" not in answer.text


def test_a_wrong_cookie_is_refused(server, base):
    answer = httpx.get(base + "/", cookies={server.cookie_name: "wrong"})
    assert answer.status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "169.254.1.1", ""])
def test_another_host_name_is_refused(server, client, host):
    for address in ("/", server.address):
        assert client.get(address, headers={"Host": host}).status_code in (400, 421)
    answer = client.post("/ask", json={}, headers={"Host": host, "Origin": f"http://{host}", "X-Framing": "screen"})
    assert answer.status_code in (400, 421)


def test_the_page_and_its_parts_are_sent_under_a_strict_policy(client):
    for path, kind in (("/", "text/html"), ("/screen.js", "text/javascript"), ("/screen.css", "text/css")):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith(kind)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "http" not in answer.text.replace("http://www.w3.org", "").replace("http-equiv", "")
    page = client.get("/").text
    assert "<script>" not in page
    assert "style=" not in page


def test_every_module_that_a_module_imports_is_sent(client):
    names = {"screen.js"}
    for name in ("page.js", "screen.js", "view.js", "settling.js", "marking.js"):
        text = client.get(f"/{name}").text
        names |= {line.split('"')[-2].removeprefix("./").removeprefix("/") for line in text.splitlines()
                  if line.startswith("import ")}  # fmt: skip
    assert names == {"screen.js", "view.js", "settling.js", "marking.js"}
    assert all(client.get(f"/{name}").status_code == 200 for name in names)


def test_messages_come_from_the_page_itself(client, base):
    assert post(client, base).json()["coder"] == "anna"
    for headers in ({"Origin": "http://evil.example"}, {"Origin": ""}, {"X_Framing": ""}, {"Origin": "null"}):
        assert post(client, base, **headers).status_code == 403
    with httpx.Client(base_url=base) as stranger:
        assert post(stranger, base).status_code == 403


def test_what_is_no_message_is_refused(client, base):
    assert post(client, base, message=[1]).status_code == 400
    headers = {"Origin": base, "X-Framing": "screen"}
    assert client.post("/ask", content=b"{", headers=headers).status_code == 400
    assert client.post("/ask", content=b"[" * 100_000, headers=headers).status_code == 400
    with pytest.raises(httpx.HTTPError):
        client.post("/ask", content=b" " * 3_000_000, headers=headers).raise_for_status()
    assert post(client, base, message={"do": "save"}).json()["kind"] == "wrong"
    assert client.get("/ask").status_code == 405
    assert client.put("/nothing").status_code == 404


def test_a_taken_port_is_named(server, tmp_path):
    screen = Screen(make_draw(tmp_path / "draw"), "anna")
    with pytest.raises(InputError, match=r"port: \d+ cannot be used: .* Name another"):
        PageServer(screen).start(urlsplit(server.address).port)
    screen.close()
