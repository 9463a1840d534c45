"""A campaign of return visits on its pages alone: from the rule to the results, each part by who does it."""

import io
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.closedcases import closed, name_of
from tests.journeys.webpages import Office, by_hand, look, office

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["office"]


def ask(
    page: Page, result: str, *, reception: int = 0, rating: int = 0, solved: bool = True, text: str = ""
) -> None:
    """Open the first visit of one's own and say what came of it."""
    page.goto("/visits?list=mine")
    page.get_by_test_id("visits-open").first.click()
    page.get_by_test_id("visits-form").wait_for()
    page.get_by_test_id(f"result-{result}").check()
    if reception:
        page.get_by_test_id(f"reception-{reception}").check()
        page.get_by_test_id(f"rating-{rating}").check()
    if not solved:
        page.get_by_test_id("solved-no").check()
    page.get_by_test_id("visits-text").fill(text)
    page.get_by_test_id("visits-save").click()
    page.get_by_test_id("visits-told").wait_for()


@by_hand
def test_a_campaign_goes_from_its_rule_to_its_results(office: Office) -> None:
    closed(office, "supervisor1", 6)
    today = datetime.now(UTC).date()
    boss = office.page("zh")
    office.log_in(boss, "supervisor1", "zh")
    boss.goto("/visits/campaigns")
    boss.get_by_test_id("campaigns-none").wait_for()
    boss.get_by_test_id("campaign-new").click()
    boss.get_by_test_id("campaign-name").fill("十一月社保回访")
    boss.get_by_test_id("campaign-first").fill((today - timedelta(days=9)).isoformat())
    boss.get_by_test_id("campaign-last").fill(today.isoformat())
    boss.get_by_test_id("campaign-preview").click()
    expect(boss.get_by_test_id("campaign-found").locator("tbody tr")).to_have_count(6)
    look(office, boss, "campaign-preview-zh")
    boss.get_by_test_id("campaign-make").click()  # to nobody
    boss.locator(".wrong").first.wait_for()
    office.complaints.clear()  # a refused form is a 400, which the console notes
    expect(boss.get_by_test_id("campaign-name")).to_have_value("十一月社保回访")
    boss.locator("label", has_text=name_of(office, "agent1")).get_by_test_id("campaign-agent").check()
    boss.get_by_test_id("campaign-make").click()
    boss.get_by_test_id("campaign-progress").wait_for()
    expect(boss.locator("[data-testid=campaign-agents] tbody tr")).to_have_count(1)

    expect(boss.locator("[data-testid=campaign-agents] tbody td").first).to_have_text(
        name_of(office, "agent1")
    )
    agent = office.page("en")
    office.log_in(agent, "agent1", "en")
    ask(agent, "reached", reception=1, rating=2, text="Thanks for the call.")
    ask(agent, "reached", reception=2, rating=5, solved=False, text="The card was not there.")
    ask(agent, "busy")
    ask(agent, "wrong-number")
    agent.context.close()

    # The picture has renewed itself.
    expect(boss.locator("[data-progress] dd b")).to_have_text(["2", "1", "2", "0", "0", "1", "0"])
    boss.reload()
    look(office, boss, "campaign-progress-zh")
    with boss.expect_download() as download:
        boss.get_by_test_id("campaign-excel").click()
    sheet = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).worksheets[0]
    texts = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert {"Thanks for the call.", "The card was not there."} <= texts
    wrong = boss.locator("[data-testid=campaign-results] tbody tr").filter(
        has=boss.get_by_test_id("review-again")
    )
    wrong.first.get_by_test_id("review-again").click()  # without saying why
    boss.get_by_test_id("campaign-trouble").wait_for()
    office.complaints.clear()
    boss.get_by_test_id("review-text").first.fill("号码已更正，请再打一次")
    boss.get_by_test_id("review-again").first.click()
    boss.get_by_test_id("review-pass").first.click()
    expect(boss.locator("[data-testid=campaign-results] .chip.good").first).to_be_visible()
    boss.get_by_test_id("campaign-close").click()
    expect(boss.get_by_test_id("campaign-close")).to_have_count(0)
    boss.goto("/visits/campaigns")
    expect(boss.get_by_test_id("campaign-link")).to_have_text("十一月社保回访")
    boss.context.close()
