"""The libraries that hang on the app, unbound until `create_app` binds them."""

from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from htmx_flask import Htmx

login = LoginManager()
csrf = CSRFProtect()
htmx = Htmx()
compress = Compress()
limiter = Limiter(get_remote_address, headers_enabled=False)
