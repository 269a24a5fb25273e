"""Tables of the mechanisms: audit trail, transitions, idempotency, uploads, jobs and the security log."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jixiao.domain.terms import Term

from .fields import TermField


class AuditHead(models.Model):
    """The end of a region's chain; locked last in every act."""

    region = models.CharField("区划", max_length=9, primary_key=True)
    seq = models.BigIntegerField("序号", default=0)
    mac = models.CharField("印记", max_length=64, default="")

    class Meta:
        verbose_name = "审计链尾"


class AuditEntry(models.Model):
    """One link: who did what to which object, before and after. Never changed, never deleted."""

    region = models.CharField("区划", max_length=9)
    seq = models.BigIntegerField("序号")
    at = models.DateTimeField("时间")
    user_id = models.BigIntegerField("用户", null=True)
    actor = models.CharField("办理人", max_length=80)
    role = models.CharField("角色", max_length=32)
    act = models.CharField("动作", max_length=60)
    object = models.CharField("对象", max_length=120)
    before = models.JSONField("办理前", null=True)
    after = models.JSONField("办理后", null=True)
    mac = models.CharField("印记", max_length=64)

    class Meta:
        verbose_name = "审计记录"
        constraints = [models.UniqueConstraint(fields=["region", "seq"], name="audit_entry_once")]
        indexes = [models.Index(fields=["region", "object"], name="audit_entry_object")]


class Transition(models.Model):
    """One step of a sheet: the timeline that people read. Never changed, never deleted."""

    region = models.CharField("区划", max_length=9)
    sheet_type = models.CharField("表", max_length=40)
    sheet_id = models.BigIntegerField("编号")
    move = models.CharField("步骤", max_length=32)
    source = models.CharField("原状态", max_length=32)
    target = models.CharField("新状态", max_length=32)
    user_id = models.BigIntegerField("用户", null=True)
    actor = models.CharField("办理人", max_length=80)
    role = models.CharField("角色", max_length=32)
    note = models.TextField("意见", blank=True, default="")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "流转记录"
        indexes = [models.Index(fields=["region", "sheet_type", "sheet_id", "id"], name="transition_sheet")]


class Receipt(models.Model):
    """The answer already given to an idempotency token: the same form sent again is the same act."""

    user_id = models.BigIntegerField("用户")
    token = models.CharField("令牌", max_length=64)
    content = models.CharField("内容摘要", max_length=64)
    answer = models.JSONField("回执", null=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "办理回执"
        constraints = [models.UniqueConstraint(fields=["user_id", "token"], name="receipt_once")]


class UploadState(Term):
    """导入文件的状态."""

    CHECKED = "checked", "待确认"
    CONFIRMED = "confirmed", "已入库"
    REFUSED = "refused", "有错误未入库"


class Upload(models.Model):
    """A file that somebody brought, kept as a record with what was found in it and what became of it."""

    region = models.CharField("区划", max_length=9)
    year = models.IntegerField("工作年度")
    table = models.CharField("表", max_length=40)
    filename = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("摘要", max_length=64)
    size = models.BigIntegerField("大小")
    stored_as = models.CharField("存放", max_length=200)
    state = TermField(UploadState, verbose_name="状态")
    counts = models.JSONField("计数", default=dict)
    problems = models.JSONField("错误", default=list)
    gaps = models.JSONField("缺口", default=list)
    mapping = models.JSONField("列对应", null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name="上传人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "导入记录"
        indexes = [models.Index(fields=["region", "year", "-id"], name="upload_region")]


class ColumnMapping(models.Model):
    """Which column of another system's export is which of ours, kept under a name for the next file of that kind.

    `columns` gives the file's header by our column key, `fixed` a value for every row by column key, `money` the unit
    of bare amounts.
    """

    region = models.CharField("区划", max_length=9)
    table = models.CharField("表", max_length=40)
    name = models.CharField("名称", max_length=40)
    columns = models.JSONField("列", default=dict)
    fixed = models.JSONField("固定值", default=dict)
    money = models.CharField("金额单位", max_length=4, blank=True, default="")
    user_id = models.BigIntegerField("用户", null=True)
    actor = models.CharField("保存人", max_length=80)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "列对应"
        constraints = [models.UniqueConstraint(fields=["region", "table", "name"], name="column_mapping_once")]


class Attachment(models.Model):
    """A file that belongs to a sheet: 佐证, a photo, a document. Withdrawn ones stay, so that the trail can be read."""

    region = models.CharField("区划", max_length=9)
    sheet_type = models.CharField("表", max_length=40)
    sheet_id = models.BigIntegerField("编号")
    kind = models.CharField("种类", max_length=40, blank=True, default="")
    title = models.CharField("说明", max_length=120, blank=True, default="")
    filename = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("摘要", max_length=64)
    size = models.BigIntegerField("大小")
    user_id = models.BigIntegerField("用户", null=True)
    actor = models.CharField("上传人", max_length=80)
    at = models.DateTimeField("时间")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        verbose_name = "附件"
        indexes = [models.Index(fields=["region", "sheet_type", "sheet_id", "id"], name="attachment_sheet")]


class JobState(Term):
    """任务状态."""

    WAITING = "waiting", "等待"
    RUNNING = "running", "进行中"
    DONE = "done", "完成"
    FAILED = "failed", "失败"


class Job(models.Model):
    """Long work with a lease: claimed under a fencing number, ended exactly once."""

    region = models.CharField("区划", max_length=9)
    kind = models.CharField("种类", max_length=40)
    arguments = models.JSONField("参数", default=dict)
    state = TermField(JobState, verbose_name="状态", default=JobState.WAITING)
    done = models.IntegerField("已完成", default=0)
    total = models.IntegerField("共", default=0)
    message = models.TextField("说明", blank=True, default="")
    result = models.JSONField("结果", null=True)
    fence = models.IntegerField("领取次数", default=0)
    lease_until = models.DateTimeField("租约", null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name="发起人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "任务"
        indexes = [models.Index(fields=["state", "lease_until", "id"], name="job_queue")]


class SecurityEvent(models.Model):
    """A denied or failed attempt, added up per minute: a flood of refusals must not own the audit chain."""

    minute = models.DateTimeField("分钟")
    kind = models.CharField("种类", max_length=40)
    subject = models.CharField("账号", max_length=80, blank=True, default="")
    address = models.CharField("来源地址", max_length=45, blank=True, default="")
    count = models.IntegerField("次数", default=1)

    class Meta:
        verbose_name = "安全日志"
        constraints = [
            models.UniqueConstraint(fields=["minute", "kind", "subject", "address"], name="security_event_minute")
        ]
