"""Accounts and roles: administrators give roles to accounts; only a superuser makes superusers and changes roles."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest

from authors.admin.recording import KnownRows

OF_SUPERUSERS = ("is_superuser", "user_permissions")

admin.site.unregister([User, Group])


@admin.register(Group)
class RoleAdmin(KnownRows, GroupAdmin):
    """Who could change a role could widen her own: whatever permission says so, only a superuser does."""

    menu_name = "Roles"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)


@admin.register(User)
class AccountAdmin(KnownRows, UserAdmin):
    """Nobody gives away more than a role holds: not to others, not to themselves."""

    list_display = ["username", "email", "first_name", "last_name", "roles", "is_staff", "is_active", "last_login"]
    list_filter = ["is_staff", "is_superuser", "is_active", "groups"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="roles")
    def roles(self, obj: User) -> str:
        return ", ".join(sorted(role.name for role in obj.groups.all()))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        dates = ("last_login", "date_joined")
        return dates if request.user.is_superuser else (*OF_SUPERUSERS, *dates)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._within_reach(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._within_reach(request, obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if form.instance.groups.exists() and not form.instance.is_staff:
            messages.warning(request, f"{form.instance} has a role but cannot log in here yet: tick “Staff status”.")

    @staticmethod
    def _within_reach(request: HttpRequest, account: User | None) -> bool:
        return account is None or not account.is_superuser or bool(request.user.is_superuser)
