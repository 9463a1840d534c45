"""Orders over handsets: what the office wants of a device in the street."""

from schema.orders.base import Order


class DeviceOrder(Order, frozen=True, kw_only=True):
    """Something wanted of one enrolled device."""

    device: str


class BlockHandset(DeviceOrder, frozen=True, kw_only=True):
    """Let it in no more, for a reason (lost, stolen, its worker left); who is logged in on it is so no more (停用)."""

    reason: str


class UnblockHandset(DeviceOrder, frozen=True, kw_only=True):
    """Let it in again (恢复)."""


class RevokeHandsetKey(DeviceOrder, frozen=True, kw_only=True):
    """Believe nothing more that is signed with its key: it has to be enrolled anew (吊销密钥)."""


class WipeHandset(DeviceOrder, frozen=True, kw_only=True):
    """Let it forget everything as soon as it is heard of (清除数据)."""


class EndHandsetLogins(DeviceOrder, frozen=True, kw_only=True):
    """Log everybody out on it (强制退出)."""
