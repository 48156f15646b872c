"""The libraries that hang on the app, unbound until `create_app` binds them."""

from flask_compress import Compress
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from htmx_flask import Htmx

login = LoginManager()
csrf = CSRFProtect()
htmx = Htmx()
compress = Compress()
