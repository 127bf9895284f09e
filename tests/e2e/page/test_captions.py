"""Captions on the page: uploaded as files, shown beside a summary, and named as its source."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from local.youtube import Failure
from local.youtube.synthetic import synthetic_id, synthetic_video
from tests.browser import Visitor

SENTENCES = [f"Sentence number {number} of the film speaks of bread and salt." for number in range(120)]
VTT = "WEBVTT\n\n" + "\n\n".join(
    f"00:{at // 60:02}:{at % 60:02}.000 --> 00:{at // 60:02}:{at % 60:02}.900\n{text}"
    for at, text in enumerate(SENTENCES)
)
FIRST = 31_000
# The messages that YouTube's player sends to a page that listens to it.
PLAYER = """<script>addEventListener("message", ({ source, data }) => {
  if (JSON.parse(data).event === "listening")
    source.postMessage(JSON.stringify({ event: "infoDelivery", info: { currentTime: 71.4 } }), "*");
});</script>"""


def drop(target: Locator, **files: str) -> None:
    """Drops files with these contents; a name's last underscore stands for the dot before its ending."""
    named = {".".join(name.rsplit("_", 1)): content for name, content in files.items()}
    data = target.page.evaluate_handle(
        """(files) => {
          const data = new DataTransfer();
          for (const [name, content] of Object.entries(files)) data.items.add(new File([content], name));
          return data;
        }""",
        named,
    )
    target.dispatch_event("dragover", {"dataTransfer": data})
    target.dispatch_event("drop", {"dataTransfer": data})


def use(page: Page, language: str) -> None:
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").select_option(language)
    dialog.get_by_role("button", name="Use these captions").click()


def expect_hits_in_sight(visitor: Visitor) -> None:
    """What is found is scrolled into what the player and the search leave free."""
    page = visitor.page
    search, found = page.get_by_label("Search the transcript"), page.locator("mark[aria-current]")
    search.fill("number 3")
    expect(found).to_have_text("number 3")
    for width, height in ((1280, 720), (390, 664)):
        visitor.resize(width, height)
        for key in ("Enter", "Enter", "Shift+Enter"):
            search.press(key)
        player, bar, hit = (each.bounding_box() for each in (page.locator(".player iframe"), search, found))
        assert player and bar and hit
        assert 0 <= player["y"] < player["y"] + player["height"] <= bar["y"]
        assert bar["y"] + bar["height"] <= hit["y"] < height


def title_of(video_id: str) -> str:
    video = synthetic_video(video_id)
    assert video
    title: str = video["title"]
    return title


def test_captions_are_dropped_onto_a_list_and_the_transcript_follows_the_video(visitor: Visitor) -> None:
    page, first, second = visitor.page, synthetic_id(FIRST), synthetic_id(FIRST + 1)
    for video in (first, second):
        visitor.stack.youtube.fail(Failure.CAPTIONS_OFF, video)
    visitor.open_batch(first, second, "Lighthouse1")
    counts = page.locator(".counts")
    expect(counts).to_have_text("1 done · 2 failed, of 3 videos", timeout=60_000)

    expect(page.locator(".queue .caption-place")).to_contain_text(f"for “{title_of(first)}”, {first}.srt.")
    drop(page.locator(".queue"), **{f"A film [{first}]_vtt": VTT, "Another film_srt": VTT})
    expect(page.get_by_role("alert")).to_contain_text("Another film.srt fits no video of this batch")
    use(page, "en")
    page.get_by_role("alert").get_by_role("button", name="Close").click()
    expect(counts).to_have_text("2 done · 1 failed, of 3 videos", timeout=60_000)
    row = page.locator(".row").first
    expect(row).to_contain_text("captions that you uploaded")

    takes_any_file_for(page, second)

    # One more than a request takes, chosen for the video itself.
    page.get_by_role("link", name=title_of(second), exact=True).click()
    large = "".join(f"{text}\n" for text in SENTENCES * 40).encode("utf-16")
    assert len(large) > 500_000
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add caption file").click()
    chooser.value.set_files([{"name": "film.txt", "mimeType": "text/plain", "buffer": large}])
    use(page, "en")
    expect(page.locator(".caption-source")).to_have_text("captions that you uploaded", timeout=60_000)

    page.route(
        "https://www.youtube-nocookie.com/**", lambda route: route.fulfill(body=PLAYER, content_type="text/html")
    )
    page.get_by_role("button", name="All videos").click()
    row.locator(".title").click()
    page.get_by_role("tab", name="Transcript").click()
    lines = page.locator(".transcript-lines li")
    expect(lines).to_have_count(len(SENTENCES))
    search, place = page.get_by_label("Search the transcript"), page.locator(".transcript-bar [role=status]")
    search.fill("NÚMBER 11")
    expect(page.locator(".transcript-lines mark")).to_have_text(["number 11"] * 11)
    expect(place).to_have_text("1 of 11")
    page.keyboard.press("Shift+Enter")
    expect(place).to_have_text("11 of 11")
    page.get_by_role("button", name="Next place").click()
    page.get_by_role("button", name="Next place").click()
    found = lines.filter(has=page.locator("mark[aria-current]"))
    expect(found).to_contain_text("number 110 ")
    lines.nth(109).locator("a").click()
    playing = page.locator('.transcript-lines li[aria-current="true"]')
    expect(playing).to_contain_text("number 71 ")

    expect_hits_in_sight(visitor)
    page.get_by_role("button", name="Close the player").click()
    assert visitor.axe_problems() == []
    search.fill("nothing like it")
    expect(place).to_have_text("Not found")
    expect(page.get_by_role("button", name="Next place")).to_be_disabled()
    page.get_by_role("tab", name="Transcript").press("ArrowLeft")
    expect(page.locator(".summary .points")).to_be_visible()
    expect(page.locator(".transcript-lines")).to_be_hidden()


def takes_any_file_for(page: Page, video: str) -> None:
    """A single file can only be for the one video that is left without captions, whatever its name."""
    expect(page.locator(".queue .caption-place")).to_contain_text(f"“{title_of(video)}” still needs captions.")
    drop(page.locator(".queue"), film_srt=VTT)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"film.srt → {title_of(video)}")
    dialog.get_by_role("button", name="Cancel").click()


def test_a_video_without_captions_is_summarized_from_its_description(visitor: Visitor) -> None:
    page, video = visitor.page, synthetic_id(FIRST + 2)
    described = {**(synthetic_video(video) or {}), "description": "All about bread.\nhttps://example.com/bread"}
    visitor.stack.youtube.videos[video] = {**described, "published": "2024-05-17T12:00:00Z"}
    visitor.stack.youtube.fail(Failure.CAPTIONS_OFF, video)
    visitor.sign_in()
    page.get_by_text("More options").click()
    page.get_by_label("Language of the summaries").select_option("German")
    expect(page.get_by_text("This model does not translate")).to_be_visible()
    page.get_by_label("Topics to look for").fill("salt")
    visitor.create("Save as draft", video)

    # A draft takes other captions, and keeps what is not among its fields.
    page.get_by_role("button", name="Change the settings").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Language of the summaries")).to_have_value("de")
    expect(dialog.get_by_text("This model does not translate")).to_be_visible()
    dialog.get_by_label("Language of the summaries").select_option("Same as the video")
    expect(dialog.get_by_text("This model does not translate")).to_be_hidden()
    dialog.get_by_label("Captions to read").select_option("Always in the video’s own language")
    dialog.get_by_label("Use the description if there are no captions").check()
    dialog.get_by_label("Write a digest of the whole batch").check()
    dialog.get_by_label("Fix statements").check()
    with page.expect_response(lambda response: response.request.method == "PATCH") as changed:
        dialog.get_by_role("button", name="Save the changes").click()
    options = changed.value.json()["settings"]["options"]
    assert (options["caption_language"], options["fallback"], options["language"]) == ("own", "description", None)
    assert (options["digest"], options["verify"]) == (True, "ask")
    assert options["focus_areas"] == ["salt"]
    page.get_by_role("button", name="Change the settings").click()
    expect(dialog.get_by_label("Fix statements")).to_be_checked()
    dialog.get_by_label("Write a digest of the whole batch").uncheck()
    with page.expect_response(lambda response: response.request.method == "PATCH") as changed:
        dialog.get_by_role("button", name="Save the changes").click()
    options = changed.value.json()["settings"]["options"]
    assert (options["digest"], options["verify"]) == (False, "ask")
    page.get_by_role("button", name="Start 1 video").click()
    expect(page.locator(".row")).to_contain_text("from the description only", timeout=60_000)
    page.locator(".row .title").click()
    expect(page.locator(".caption-source")).to_have_text("from the description only")
    expect(page.locator(".summary header")).to_contain_text("2024")
    page.get_by_text("Description by the creator").click()
    expect(page.locator(".description a")).to_have_attribute("href", "https://example.com/bread")
    page.get_by_role("tab", name="Description").click()
    page.get_by_label("Search the description").fill("BREAD")
    found = page.locator(".transcript-lines li").filter(has=page.locator("mark[aria-current]"))
    expect(found).to_contain_text("All about bread.")
