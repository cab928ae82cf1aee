"""Coming in as people do: one-time address, passkey, password with code, recovery code, the company's provider."""

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.eyes import DESK, PHONE, WIDTHS, flaws, listened, violations
from tests.browser.furnish import PASSWORD
from tests.browser.house import House, running

NEW, LATE = 1, 2  # which of the one-time addresses is whose
STEP_S = 30
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def guest(browser: Browser) -> Iterator[Page]:
    """Somebody whom the site does not know, with a device that holds passkeys."""
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    yield page
    context.close()


def look_at(page: Page) -> None:
    """The pages on the way are pages as all are: nothing for axe, nothing cut off."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for width in (DESK, PHONE):
            page.set_viewport_size({"width": width, "height": 900})
            assert violations(page) == [], (page.url, theme, width)
    assert [flaw for width in WIDTHS for flaw in flaws(page, width)] == [], page.url
    page.set_viewport_size({"width": DESK, "height": 900})


def sign_out(page: Page, house: House) -> None:
    page.goto(f"{house.address}/sign-out/")
    look_at(page)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/")


def give_password(page: Page, house: House, name: str, password: str = PASSWORD) -> None:
    page.goto(f"{house.address}/sign-in/")
    page.get_by_label("E-mail address").fill(f"{name}@northwind.example")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def code_of(secret: str) -> str:
    """The six digits of RFC 6238 that an authenticator app would show now."""
    moment = struct.pack(">Q", int(time.time()) // STEP_S)
    digest = hmac.new(base64.b32decode(secret), moment, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def test_who_came_by_a_one_time_address_adds_a_passkey_and_comes_back_with_it(guest: Page, house: House) -> None:
    heard = listened(guest)
    guest.goto(house.one_time_address(NEW))
    guest.get_by_role("link", name="Add a passkey").click()
    guest.wait_for_url("**/account/passkeys/add/")
    guest.get_by_role("button", name="Add a passkey").click()
    guest.wait_for_url("**/account/recovery/")
    guest.goto(f"{house.address}/account/security/")
    expect(guest.locator("h1")).to_have_text("You sign in with a passkey")
    look_at(guest)
    for link in ("See your passkeys", "Rename"):
        guest.get_by_role("link", name=link).click()
        look_at(guest)
    guest.get_by_label("Name").fill("My phone")
    guest.get_by_role("button", name="Save").click()
    expect(guest.locator("main")).to_contain_text("My phone")
    sign_out(guest, house)
    guest.get_by_role("button", name="Sign in with a passkey").click()
    guest.wait_for_url(f"{house.workspace}/**")
    assert heard == []
    guest.goto(f"{house.address}/account/again/passkey/?next=/account/passkeys/")
    look_at(guest)
    guest.get_by_role("button", name="Use a passkey").click()
    guest.wait_for_url("**/account/passkeys/")
    guest.get_by_role("link", name="Remove").click()
    look_at(guest)


def test_a_password_is_followed_by_a_code_and_a_lost_phone_by_a_recovery_code(guest: Page, house: House) -> None:
    guest.goto(house.one_time_address(LATE))
    guest.get_by_role("link", name="Set a password").click()
    guest.get_by_label("Password", exact=True).fill(PASSWORD)
    guest.get_by_label("Password (again)").fill(PASSWORD)
    guest.get_by_role("button", name="Set a password").click()
    guest.goto(f"{house.address}/account/codes/activate/")
    expect(guest.locator(".scanned svg")).to_be_visible()
    secret = guest.locator("main code").inner_text()
    guest.get_by_role("textbox").fill(code_of(secret))
    guest.get_by_role("button", name="Switch codes on").click()
    guest.wait_for_url(f"{house.address}/account/recovery/")
    look_at(guest)
    recovery = guest.locator("main code").first.inner_text()
    for address in (
        "account/codes/deactivate/",
        "account/recovery/generate/",
        "account/security/",
        "account/again/code/",
    ):
        guest.goto(f"{house.address}/{address}")
        look_at(guest)
    sign_out(guest, house)

    give_password(guest, house, "late")
    expect(guest.locator("h1")).to_have_text("Now the code from your app")
    look_at(guest)
    guest.get_by_label("Code").fill("000000")
    guest.get_by_role("button", name="Sign in").click()
    expect(guest.locator(".errorlist")).to_be_visible()
    look_at(guest)
    guest.get_by_label("Code").fill(recovery)
    guest.get_by_role("button", name="Sign in").click()
    guest.wait_for_url(f"{house.workspace}/**")


def test_a_wrong_password_is_told_in_one_sentence(guest: Page, house: House) -> None:
    give_password(guest, house, "linus", "not the one at all")
    expect(guest.locator("main")).to_contain_text("are not correct")
    look_at(guest)
    give_password(guest, house, "linus")
    guest.wait_for_url(f"{house.workspace}/**")


def test_a_password_works_without_a_script(browser: Browser, house: House) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    give_password(page, house, "linus")
    page.wait_for_url(f"{house.workspace}/**")
    context.close()


def test_what_changes_the_sign_in_asks_again_who_it_is(browser: Browser, house: House) -> None:
    """A browser that was left open must not be enough to add a passkey of one's own."""
    for address in ("account/again/",):
        context = browser.new_context(reduced_motion="reduce")
        page = context.new_page()
        give_password(page, house, "linus")
        page.goto(f"{house.address}/{address}?next=/account/security/")
        look_at(page)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()
        page.wait_for_url("**/account/security/")
        page.goto(f"{house.address}/account/password/")
        look_at(page)
        context.close()


KEY = """
import django
django.setup()
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from nousnous.workspaces.models import User
user = User.objects.get(email="linus@northwind.example")
print(f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}")
"""


def test_a_forgotten_password_is_chosen_anew_by_the_address_of_the_mail_once(guest: Page, house: House) -> None:
    address = f"{house.address}/account/password/forgotten/{house.python('-c', KEY).split()[-1]}/"
    guest.goto(address)
    expect(guest.locator("h1")).to_have_text("Choose a new password")
    look_at(guest)
    for label in ("New Password", "New Password (again)"):
        guest.get_by_label(label, exact=True).fill(PASSWORD)
    guest.get_by_role("button", name="Change your password").click()
    expect(guest.locator("h1")).to_have_text("Your password is changed")
    look_at(guest)
    guest.goto(address)
    expect(guest.locator("h1")).to_have_text("This address is used up")
    look_at(guest)


@pytest.fixture(scope="module")
def provider(house: House) -> Iterator[str]:
    """A real OpenID Connect provider."""
    issuer = house.environment["NOUS_OIDC_ISSUER"]
    back = f"{house.address}/sign-in/provider/sso/callback/"
    program = Path(__file__).with_name("provider.mjs")
    command = ["node", str(program), issuer.rsplit(":", 1)[-1], back]
    with running(command, house.environment, f"{issuer}/.well-known/openid-configuration"):
        yield issuer


def come_by_provider(page: Page, house: House, provider: str, email: str) -> None:
    page.goto(f"{house.address}/sign-in/")
    page.get_by_role("button", name="Single sign-on").click()
    page.wait_for_url(f"{provider}/interaction/**")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill("whatever")
    page.locator("button[type=submit]").click()
    page.get_by_role("button", name="Continue").click()


def test_a_member_comes_in_by_the_provider_of_the_company(guest: Page, house: House, provider: str) -> None:
    come_by_provider(guest, house, provider, "grace@northwind.example")
    guest.wait_for_url(f"{house.workspace}/**")
    guest.goto(f"{house.workspace}/gap/")
    expect(guest.locator(".who")).to_contain_text("grace@northwind.example")


@pytest.mark.parametrize("email", ["stranger@elsewhere.example", "unverified@northwind.example"])
def test_a_stranger_of_the_provider_is_told_that_they_are_no_member(
    email: str, guest: Page, house: House, provider: str
) -> None:
    come_by_provider(guest, house, provider, email)
    expect(guest.locator("h1")).to_have_text("You are not a member yet")
    look_at(guest)
    guest.goto(f"{house.workspace}/")
    expect(guest.locator("h1")).to_have_text("Sign in")


def test_who_stops_at_the_provider_is_back_at_the_sign_in(guest: Page, house: House, provider: str) -> None:
    guest.goto(f"{house.address}/sign-in/")
    guest.get_by_role("button", name="Single sign-on").click()
    guest.get_by_role("link", name=re.compile("Cancel")).click()
    expect(guest.locator("h1")).to_have_text("You are not signed in")
    look_at(guest)
