"""What every answer carries, whatever its route and its status."""

import re

SAME = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
POLICY = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "htmx sw",
}


ASKED_ANEW = ("/sw.js", "/manifest.webmanifest")  # about nobody, and with a hash to ask by


def check(answer, kept=None):
    secret = answer.request.path.startswith("/slut/") and answer.request.path != "/slut/tak"
    same = SAME | ({"Referrer-Policy": "strict-origin"} if secret else {})
    assert {name: answer.headers.get(name) for name in same} == same
    kept = kept or ("no-cache" if answer.request.path in ASKED_ANEW else "no-store")
    assert answer.headers["Cache-Control"] == kept
    assert "Server" not in answer.headers
    assert all(len(answer.headers.getlist(name)) == 1 for name in (*same, "Cache-Control"))
    assert len(answer.headers.getlist("Content-Security-Policy")) == 1
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in answer.headers["Content-Security-Policy"].split(";")
    )
    script = policy.pop("script-src")
    assert policy == POLICY
    nonce = re.fullmatch(r"'self' 'nonce-([\w-]{20,})'", script)
    assert nonce, f"script-src is {script}"
    if answer.mimetype == "text/html" and answer.get_data():
        used = set(re.findall(r'nonce="([^"]*)"', answer.text))
        assert used <= {nonce[1]}
    return nonce[1]
