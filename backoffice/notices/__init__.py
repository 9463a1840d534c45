"""Notices on their way out: written in the receiver's language, sent by message, mail or SMS, tried again."""
