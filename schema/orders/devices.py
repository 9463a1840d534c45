"""Orders over handsets: what the office wants of a device in the street."""

from dataclasses import dataclass

from schema.orders.base import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceOrder(Order):
    """Something wanted of one enrolled device."""

    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockHandset(DeviceOrder):
    """Let it in no more, for a reason (lost, stolen, its worker left); who is logged in on it is so no more (停用)."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnblockHandset(DeviceOrder):
    """Let it in again (恢复)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeHandsetKey(DeviceOrder):
    """Believe nothing more that is signed with its key: it has to be enrolled anew (吊销密钥)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WipeHandset(DeviceOrder):
    """Let it forget everything as soon as it is heard of (清除数据)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndHandsetLogins(DeviceOrder):
    """Log everybody out on it (强制退出)."""
