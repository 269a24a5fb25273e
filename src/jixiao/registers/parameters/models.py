"""Policy snapshots: everything frozen refers to the rules by digest, because a region's name changes its meaning."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from jixiao.domain.policy import Policy


class PolicySnapshot(models.Model):
    """All values of a policy as they were, under their digest."""

    digest = models.CharField("摘要", max_length=64, primary_key=True)
    name = models.CharField("名称", max_length=60)
    title = models.CharField("标题", max_length=200)
    document = models.JSONField("内容")
    at = models.DateTimeField("首次使用")

    class Meta:
        verbose_name = "规则快照"

    def policy(self) -> Policy:
        """The policy rebuilt from the snapshot."""
        return Policy.from_document(self.document)


def snapshot_of(policy: Policy) -> PolicySnapshot:
    """The stored snapshot of a policy, made on first use."""
    snapshot, _ = PolicySnapshot.objects.get_or_create(
        digest=policy.digest,
        defaults={"name": policy.name, "title": policy.title, "document": policy.document(), "at": timezone.now()},
    )
    return snapshot
