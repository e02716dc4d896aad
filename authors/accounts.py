"""Addresses of the forgotten password; the admin's login page links to the first because of its name."""

from django.contrib.auth import views
from django.urls import path

from authors.forgotten import ForgottenPassword

urlpatterns = [
    path("password_reset/", ForgottenPassword.as_view(), name="admin_password_reset"),
    path("password_reset/sent/", views.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path("password_reset/<uidb64>/<token>/", views.PasswordResetConfirmView.as_view(), name="password_reset_confirm"),
    path("password_reset/done/", views.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
]
