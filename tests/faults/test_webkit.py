"""The core path once more in WebKit, the nearest thing to an iPhone: the form opens without a
server, what is sent waits, and it arrives once.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from tests.browser.log_form import DEEP_LINK
from tests.cast import PASSWORD

# selenium 4.51 warns of how it calls itself
pytestmark = pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning")
DRIVER = Path("/usr/bin/WebKitWebDriver")
ADVICE = (
    "WebKit is missing. Type: apt-get install -y --no-install-recommends webkit2gtk-driver xvfb"
)
PATIENCE = 20  # seconds
WORDS = "Skrevet uden signal"
WORKER = "return navigator.serviceWorker.ready.then(async () => (await caches.keys()).length)"
READY = "return document.documentElement.dataset.ready === 'yes'"
FACTS = "return keptFacts().then((facts) => Boolean(facts?.mentorship))"
STATES = "return outboxStore.all().then((all) => all.map((item) => item.state))"


@pytest.fixture(scope="session")
def screen() -> Iterator[str]:
    """A screen that nobody sees; the driver finds its number by DISPLAY."""
    xvfb = shutil.which("Xvfb")
    if not DRIVER.is_file() or not xvfb:
        pytest.fail(ADVICE)
    read, write = os.pipe()
    command = (xvfb, "-displayfd", str(write), "-screen", "0", "400x800x24", "-nolisten", "tcp")
    process = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as number:
        display = f":{number.readline().strip()}"
    yield display
    process.terminate()
    process.wait()


@pytest.fixture
def webkit(screen: str) -> Iterator[webdriver.WebKitGTK]:
    [browser] = Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser")
    options = Options()
    options.binary_location = str(browser)
    options.add_argument("--automation")
    quiet = {
        "DISPLAY": screen,
        "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
        "GDK_BACKEND": "x11",
        "NO_AT_BRIDGE": "1",
    }
    service = Service(str(DRIVER), env=os.environ | quiet)
    driver = webdriver.WebKitGTK(options=options, service=service)
    driver.set_script_timeout(PATIENCE)
    yield driver
    driver.quit()


def test_the_form_opens_without_a_server_and_is_sent_once(webkit, server, story):
    def until(what):
        return WebDriverWait(webkit, PATIENCE, 0.1).until(what)

    def press(label):
        webkit.find_element(By.XPATH, f"//button[normalize-space()='{label}'][last()]").click()

    webkit.get(server.url + "/log-ind")
    webkit.find_element(By.NAME, "email").send_keys(server.cast.email("Anna"))
    webkit.find_element(By.NAME, "password").send_keys(PASSWORD)
    press("Log ind")
    until(lambda w: "/log-ind" not in w.current_url)
    until(lambda w: w.execute_script(WORKER) == 1)
    until(lambda w: w.execute_script(FACTS))
    server.kill()

    webkit.get(server.url + DEEP_LINK)
    until(lambda w: w.execute_script(READY))
    webkit.execute_script(
        "document.querySelectorAll('#log-form details').forEach((one) => { one.open = true })"
    )
    webkit.find_element(By.NAME, "comment").send_keys(WORDS)
    until(lambda w: w.find_element(By.CSS_SELECTOR, ".saved[aria-busy=false]").is_displayed())
    webkit.get(server.url + DEEP_LINK)  # and once more: what was written is there
    until(lambda w: w.execute_script(READY))
    until(lambda w: w.find_element(By.NAME, "comment").get_attribute("value") == WORDS)
    webkit.execute_script("document.querySelector('#log-form .button[value=held]').click()")
    until(lambda w: w.execute_script(STATES) == ["waits"])
    assert story.meetings() == []

    server.start()
    webkit.get(server.url + "/")
    until(lambda w: w.execute_script(STATES) == ["sent"])
    webkit.get(server.url + "/")
    [(_, [answer])] = story.meetings()
    assert story.words(answer)["comment"] == WORDS
