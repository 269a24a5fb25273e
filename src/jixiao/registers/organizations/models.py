"""Regions, business divisions, units (identity) and their yearly names and places; users and their grants."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Coalesce

from jixiao.domain.actors import Role
from jixiao.domain.terms import Term
from jixiao.domain.vocabulary import Origin, UnitKind
from jixiao.kit.fields import PathField, TermField

from .scopes import ScopedQuerySet

DEMO_BANNER = "演示稿：合计与公开材料相符，除标明“公开”的行外，明细均为合成，不作正式文件使用"


class Region(models.Model):
    """一个行政区划（财政区划码取前六位，如西峡县 411323）."""

    code = models.CharField("区划编码", max_length=9, primary_key=True)
    name = models.CharField("区划名称", max_length=60)
    bureau = models.CharField("财政部门", max_length=60, blank=True, default="")
    demo = models.BooleanField("演示数据", default=False)

    class Meta:
        verbose_name = "行政区划"

    @property
    def issuer(self) -> str:
        """Who signs its papers (署名)."""
        return self.bureau or f"{self.name}财政局"

    @property
    def banner(self) -> str:
        """What every page of a demo's paper says; nothing elsewhere."""
        return DEMO_BANNER if self.demo else ""


class Division(models.Model):
    """业务股室: a division of the finance bureau and the units it looks after."""

    region = models.CharField("区划", max_length=9)
    name = models.CharField("股室名称", max_length=60)

    class Meta:
        verbose_name = "业务股室"
        constraints = [models.UniqueConstraint(fields=["region", "name"], name="division_once")]


class Unit(models.Model):
    """A budget unit's identity; name, code and place belong to the year."""

    region = models.CharField("区划", max_length=9)

    class Meta:
        verbose_name = "预算单位"


class UnitYearQuerySet(ScopedQuerySet):
    path = "path"
    division = "division__name"

    def first_level(self) -> UnitYearQuerySet:
        """一级预算单位."""
        return self.filter(level=1)


class UnitYear(models.Model):
    """What a unit is called in a year, its code, its superior and its place in the tree."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="years", verbose_name="单位")
    region = models.CharField("区划", max_length=9)
    year = models.IntegerField("年度")
    code = models.CharField("单位编码", max_length=40)
    name = models.CharField("单位名称", max_length=120)
    path = PathField("路径", max_length=200)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", verbose_name="上级单位")
    level = models.IntegerField("单位级次")
    kind = TermField(UnitKind, verbose_name="单位类型")
    division = models.ForeignKey(Division, models.PROTECT, null=True, verbose_name="归口股室")
    origin = TermField(Origin, verbose_name="数据性质", default=Origin.OWN)

    objects: ClassVar = UnitYearQuerySet.as_manager()

    class Meta:
        verbose_name = "单位年度"
        constraints = [
            models.UniqueConstraint(fields=["unit", "year"], name="unit_year_once"),
            models.UniqueConstraint(fields=["region", "year", "code"], name="unit_year_code_once"),
        ]
        indexes = [models.Index(fields=["region", "year", "path"], name="unit_year_path")]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Finds accounts by login name."""

    def create_account(self, login: str, name: str, password: str, *, must_change: bool = True) -> User:
        """A new account; its first login changes the password unless told otherwise."""
        user = self.model(login=login, name=name, must_change_password=must_change)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A person's account. What he may see and do follows from his grants, never from the account."""

    login = models.CharField("账号", max_length=80, unique=True)
    name = models.CharField("姓名", max_length=80)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("须改密码", default=True)
    failures = models.IntegerField("连续失败次数", default=0)
    locked_until = models.DateTimeField("锁定至", null=True)

    USERNAME_FIELD = "login"
    objects: ClassVar = UserManager()

    class Meta:
        verbose_name = "用户"


class Grant(models.Model):
    """One role of a user in a region, at a unit or a division, for a time. Given by the 安全管理员."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name="用户")
    role = TermField(Role, verbose_name="角色")
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="区划")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, verbose_name="单位")
    division = models.ForeignKey(Division, models.PROTECT, null=True, verbose_name="股室")
    since = models.DateField("自", null=True)
    until = models.DateField("至", null=True)

    class Meta:
        verbose_name = "授权"
        constraints = [
            models.UniqueConstraint(
                "user", "role", "region", Coalesce("unit", 0), Coalesce("division", 0), name="grant_once"
            )
        ]


class TokenScope(Term):
    """What another program may do with a token."""

    READ = "read", "读取"
    IMPORT = "import", "导入"
    FILL = "fill", "填报和办理"


class AccessToken(models.Model):
    """What another program shows instead of a password. It acts as its owner does under one grant, never as more.

    `key` is the public half that finds the row; of the secret half only its SHA-256 is kept. Wrong secrets lock it as
    wrong passwords lock an account.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens", verbose_name="所有人")
    grant = models.ForeignKey(Grant, models.CASCADE, related_name="tokens", verbose_name="授权")
    region = models.CharField("区划", max_length=9)
    name = models.CharField("用在哪里", max_length=40)
    key = models.CharField("标识", max_length=12, unique=True)
    sha256 = models.CharField("密钥摘要", max_length=64)
    scopes = models.JSONField("用途", default=list)
    created_at = models.DateTimeField("建立时间")
    expires_on = models.DateField("有效至")
    revoked_at = models.DateTimeField("撤销时间", null=True)
    last_used_on = models.DateField("最近使用日期", null=True)
    failures = models.IntegerField("连续失败次数", default=0)
    locked_until = models.DateTimeField("锁定至", null=True)

    class Meta:
        verbose_name = "接口令牌"

    def allows(self, scope: TokenScope) -> bool:
        """Was the token given for this?"""
        return scope.value in self.scopes
