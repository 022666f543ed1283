"""The viewer in a real browser: what it draws, says, and never does."""

from __future__ import annotations

import colorsys

import numpy as np
import pytest

from tests.showroom.viewer import pieces
from tests.showroom.viewer.conftest import (
    BAND,
    PLAIN,
    RUBY,
    TRACED,
    Showcase,
)

pytestmark = pytest.mark.browser

PAGE = np.array([0xF4, 0xF1, 0xEC]) / 255


def drawn(picture: np.ndarray) -> np.ndarray:
    """The pixels that are neither page nor grey shadow, shape (n, 3)."""
    saturation = picture.max(axis=2) - picture.min(axis=2)
    return picture[saturation > 0.15]


def hue(colour: np.ndarray) -> float:
    return colorsys.rgb_to_hsv(*colour)[0] * 360


def middle(picture: np.ndarray) -> np.ndarray:
    """The middle of the picture, where a loose stone lies."""
    high, wide = picture.shape[:2]
    return picture[int(high * 0.42) : int(high * 0.72), int(wide * 0.32) : int(wide * 0.68)]


def test_a_gold_band_is_gold_with_bright_and_dark_in_it(shelf: Showcase) -> None:
    gold = drawn(shelf.picture(BAND))
    assert len(gold) > 5_000
    assert 32 < hue(np.median(gold, axis=0)) < 50
    light = gold @ [0.2126, 0.7152, 0.0722]
    assert np.percentile(light, 95) - np.percentile(light, 5) > 0.35


def test_a_traced_diamond_has_contrast_that_plain_transmission_lacks(shelf: Showcase) -> None:
    traced, plain = (middle(shelf.picture(nth)).mean(axis=2) for nth in (TRACED, PLAIN))
    assert traced.std() > 0.12
    assert traced.std() > 3 * plain.std()
    # Facets are sharp: neighbouring pixels differ, not only one end of the stone from the other.
    assert np.abs(np.diff(traced, axis=1)).mean() > 0.02


def test_a_ruby_is_red_by_what_it_absorbs(shelf: Showcase) -> None:
    red, green, blue = middle(shelf.picture(RUBY)).mean(axis=(0, 1))
    assert red > 1.5 * green
    assert red > 1.5 * blue


def test_choosing_an_alloy_changes_the_metal_and_says_so(showcase: Showcase) -> None:
    src = showcase.piece("band", pieces.band())
    showcase.show(f"<pavilion-viewer src={src} alt='A band' alloy=gold-750-rose></pavilion-viewer>")
    rose = np.median(drawn(showcase.picture()), axis=0)
    reported = showcase.page.evaluate("""async () => {
        const viewer = document.querySelector("pavilion-viewer");
        const told = [];
        viewer.addEventListener("variant-change", (event) => told.push(event.detail.alloy));
        const known = await viewer.setAlloy("gold-750-yellow");
        const unknown = await viewer.setAlloy("tin");
        return { told, known, unknown, alloys: viewer.alloys };
    }""")
    showcase.settle()
    yellow = np.median(drawn(showcase.picture()), axis=0)
    assert hue(rose) < hue(yellow) - 8
    assert reported == {
        "told": ["gold-750-yellow"],
        "known": True,
        "unknown": False,
        "alloys": list(pieces.ALLOYS),
    }


def test_a_missing_model_is_said_and_can_be_tried_again(showcase: Showcase) -> None:
    showcase.open(
        "<pavilion-viewer src=/late.glb alt=Late label-error='Leider nicht.' "
        "label-retry='Noch einmal'><img src=/poster.png alt='The piece'></pavilion-viewer>"
    )
    showcase.await_state("error")
    note = showcase.page.get_by_role("status")
    assert note.inner_text().startswith("Leider nicht.")
    assert showcase.page.get_by_alt_text("The piece").is_visible()
    showcase.piece("late", pieces.loose())
    showcase.page.get_by_role("button", name="Noch einmal").click()
    showcase.await_state("shown")
    assert note.inner_text() == ""


def test_a_damaged_model_is_an_error_with_a_code_not_an_empty_box(showcase: Showcase) -> None:
    (showcase.folder / "bad.glb").write_bytes(b"glTF" + bytes(200))
    showcase.open("<pavilion-viewer alt=Bad></pavilion-viewer>")
    code = showcase.page.evaluate("""() => new Promise((resolve) => {
        const viewer = document.querySelector("pavilion-viewer");
        viewer.addEventListener("error", (event) => resolve(event.detail.code));
        viewer.setAttribute("src", "/bad.glb");
    })""")
    assert code == "bad-model"
    assert showcase.page.get_by_role("button", name="Try again").is_visible()


def test_keys_turn_the_piece_and_home_brings_it_back(showcase: Showcase) -> None:
    src = showcase.piece("ring", pieces.ring(pave=False))
    showcase.show(f"<pavilion-viewer src={src} alt='A ring'></pavilion-viewer>", size=240)
    before = showcase.picture()
    showcase.page.get_by_role("application", name="A ring").focus()
    for _ in range(3):
        showcase.page.keyboard.press("ArrowRight")
    showcase.settle()
    turned = showcase.picture()
    showcase.page.keyboard.press("Home")
    showcase.settle()
    assert np.abs(turned - before).mean() > 0.02
    assert np.abs(showcase.picture() - before).mean() < 0.01


def test_loading_moves_nothing_on_a_narrow_phone(showcase: Showcase) -> None:
    showcase.page.set_viewport_size({"width": 320, "height": 568})
    src = showcase.piece("loose", pieces.loose())
    showcase.open(f"<pavilion-viewer src={src} alt=D></pavilion-viewer><p id=below>Below</p>")
    before = showcase.page.locator("#below").bounding_box()
    showcase.await_state("shown")
    assert showcase.page.locator("#below").bounding_box() == before
    assert showcase.page.evaluate("document.documentElement.scrollWidth") == 320


def test_a_viewer_out_of_sight_asks_for_nothing(showcase: Showcase) -> None:
    src = showcase.piece("loose", pieces.loose())
    showcase.page.set_viewport_size({"width": 320, "height": 300})
    image = "<img alt='Far below'>"
    tall = "<img height=4000 width=300 alt=''>"
    showcase.open(f"{tall}<pavilion-viewer src={src} alt=D>{image}</pavilion-viewer>")
    showcase.settle()
    assert not any(url.endswith(".glb") for url in showcase.requested)
    showcase.page.locator("pavilion-viewer").scroll_into_view_if_needed()
    showcase.await_state("shown")
    assert any(url.endswith(".glb") for url in showcase.requested)


def test_a_lost_graphics_context_comes_back(showcase: Showcase) -> None:
    src = showcase.piece("loose", pieces.loose())
    showcase.show(f"<pavilion-viewer src={src} alt=D orbit='0 60'></pavilion-viewer>", size=240)
    showcase.settle()
    before = middle(showcase.picture())
    showcase.page.evaluate("""() => new Promise((resolve) => {
        const viewer = document.querySelector("pavilion-viewer");
        viewer.addEventListener("load", resolve, { once: true });
        const canvas = viewer.shadowRoot.querySelector("canvas");
        canvas.getContext("webgl2").getExtension("WEBGL_lose_context").loseContext();
    })""")
    # A busy machine draws the fade late; the picture counts once it has come up whole.
    showcase.page.wait_for_function("""() => getComputedStyle(document.querySelector(
        "pavilion-viewer").shadowRoot.querySelector("canvas")).opacity === "1" """)
    showcase.settle()
    assert np.abs(middle(showcase.picture()) - before).mean() < 0.01


def test_a_viewer_taken_off_the_page_gives_its_context_back(showcase: Showcase) -> None:
    src = showcase.piece("loose", pieces.loose())
    showcase.show(f"<pavilion-viewer src={src} alt=D></pavilion-viewer>", size=160)
    lost = showcase.page.evaluate("""async () => {
        const viewer = document.querySelector("pavilion-viewer");
        const gl = viewer.shadowRoot.querySelector("canvas").getContext("webgl2");
        viewer.remove();
        await new Promise((resolve) => setTimeout(resolve, 100));
        return gl.isContextLost();
    }""")
    assert lost is True


def test_less_motion_keeps_the_turntable_still_until_asked(showcase: Showcase) -> None:
    showcase.page.emulate_media(reduced_motion="reduce")
    src = showcase.piece("loose", pieces.loose())
    showcase.show(
        f"<pavilion-viewer src={src} alt=D auto-rotate label-rotate='تدوير'></pavilion-viewer>",
        size=200,
    )
    turn = showcase.page.get_by_role("button", name="تدوير")
    assert turn.get_attribute("aria-pressed") == "false"
    turn.click()
    assert turn.get_attribute("aria-pressed") == "true"


def test_a_desk_is_offered_no_ar_and_an_iphone_is(showcase: Showcase) -> None:
    files = "ios-src=/ring.usdz ar-src=/ring.ar.glb alt='A ring' label-ar='Bei Ihnen ansehen'"
    showcase.open(f"<pavilion-viewer {files}></pavilion-viewer>")
    button = showcase.page.get_by_role("button", name="Bei Ihnen ansehen")
    showcase.page.locator("pavilion-viewer").wait_for()
    assert not button.is_visible()
    showcase.page.add_init_script("""
        const supports = DOMTokenList.prototype.supports;
        DOMTokenList.prototype.supports = function (token) {
            return token === "ar" || supports.call(this, token);
        };
        HTMLAnchorElement.prototype.click = function () {
            window.opened = { rel: this.rel, href: this.href, child: this.firstChild.tagName };
        };
    """)
    showcase.page.reload()
    button.click()
    opened = showcase.page.evaluate("window.opened")
    assert (opened["rel"], opened["child"]) == ("ar", "IMG")
    assert opened["href"].startswith(f"{showcase.origin}/ring.usdz#allowsContentScaling=0")


def test_on_a_phone_a_finger_turns_it_and_out_of_sight_nothing_is_drawn(phone: Showcase) -> None:
    page = phone.page
    src = phone.piece("band", pieces.band())
    phone.show(f"<pavilion-viewer src={src} alt=B></pavilion-viewer><i></i>", size=200)
    # Three times the pixels of the page would be nine times the work: two times are drawn.
    canvas = "document.querySelector('pavilion-viewer').shadowRoot.querySelector('canvas')"
    assert page.evaluate(f"{canvas}.width") == 400
    before = phone.picture()
    stage = page.get_by_role("application", name="B")
    for kind, x in (("pointerdown", 60), ("pointermove", 110), ("pointerup", 110)):
        finger = {"pointerId": 1, "pointerType": "touch", "clientX": x, "clientY": 90}
        stage.dispatch_event(kind, {**finger, "button": 0, "isPrimary": True})
    phone.settle()
    assert np.abs(phone.picture() - before).mean() > 0.01
    page.evaluate("""() => {
        document.querySelector("i").style.cssText = "display: block; height: 3000px";
        document.querySelector("pavilion-viewer").setAttribute("auto-rotate", "");
        scrollTo(0, 2500);
    }""")
    # A busy machine tells late that it is out of sight; then a whole second passes without a draw.
    page.wait_for_function(
        """async () => {
            const before = draws;
            await new Promise((resolve) => setTimeout(resolve, 1000));
            return draws === before;
        }""",
    )
    drawn = page.evaluate("draws")
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_function("before => draws > before", arg=drawn)
