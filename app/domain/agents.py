"""What a browser says of itself, kept as two words: enough to know one's own phone again."""

from app.language import mark

SYSTEMS = {
    "iphone": mark("iPhone eller iPad"),
    "android": mark("Android-telefon"),
    "computer": mark("Computer"),
}
BROWSERS = {
    "chrome": "Chrome",
    "safari": "Safari",
    "firefox": "Firefox",
    "edge": "Edge",
    "samsung": "Samsung Internet",
    "other": mark("Anden browser"),
}


def system_of(agent: str) -> str:
    if any(name in agent for name in ("iPhone", "iPad", "iPod")):
        return "iphone"
    return "android" if "Android" in agent else "computer"


def browser_of(agent: str) -> str:
    marks = {
        "Edg": "edge",
        "SamsungBrowser": "samsung",
        "Firefox": "firefox",
        "Chrome": "chrome",
        "Safari": "safari",
    }
    return next((name for sign, name in marks.items() if sign in agent), "other")
