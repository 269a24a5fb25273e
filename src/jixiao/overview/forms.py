"""Forms of one's own account and of the upload page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password

from jixiao.kit.uploads import MOST_BYTES

MOST_MEGABYTES = MOST_BYTES // 2**20


class LoginForm(forms.Form):
    """Account and password; one message for every way to be wrong."""

    username = forms.CharField(
        label="账号", max_length=80, widget=forms.TextInput({"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(label="密码", widget=forms.PasswordInput({"autocomplete": "current-password"}))

    def __init__(self, request: Any, *args: Any) -> None:
        super().__init__(*args)
        self.request = request
        self.user: Any = None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors:
            self.user = authenticate(self.request, username=values["username"], password=values["password"])
            if self.user is None:
                raise forms.ValidationError("账号或密码不对，或账号已锁定。连续输错五次会锁定十五分钟。")
        return values


class PasswordForm(forms.Form):
    """The old password once, the new one twice."""

    old = forms.CharField(label="原密码", widget=forms.PasswordInput({"autocomplete": "current-password"}))
    new = forms.CharField(
        label="新密码",
        help_text="至少 10 位，包含大写字母、小写字母、数字、符号中的三类",
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    again = forms.CharField(label="再输一次", widget=forms.PasswordInput({"autocomplete": "new-password"}))

    def __init__(self, user: Any, *args: Any) -> None:
        super().__init__(*args)
        self.user = user

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        if not self.user.check_password(old):
            raise forms.ValidationError("原密码不对")
        return old

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        validate_password(new, self.user)
        if self.user.check_password(new):
            raise forms.ValidationError("新密码不能与原密码相同")
        return new

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "new" in values and values.get("again") != values["new"]:
            self.add_error("again", "两次输入的新密码不一致")
        return values


class UploadForm(forms.Form):
    """A workbook or CSV file of any tables the system knows."""

    file = forms.FileField(
        label="文件", help_text=f"xlsx 或 csv，不超过 {MOST_MEGABYTES} MB；表头与系统模板一致即可，列序不限"
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(f"文件超过 {MOST_MEGABYTES} MB，请拆成几个文件分别上传")
        return file
