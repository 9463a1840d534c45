"""What one would write in an hour: a paho subscriber that commits one position after the other, then answers.

`python -m bench.rig.plainpositions PORT USER SECRET DSN`. Ends with its standard input.
"""

import json
import sys
from typing import Any

import psycopg
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

TABLE = """CREATE TABLE IF NOT EXISTS plain_positions (device text, fixed_at timestamptz, lon float8, lat float8,
    accuracy float8, speed float8, bearing float8, PRIMARY KEY (device, fixed_at))"""
INSERT = """INSERT INTO plain_positions VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"""


def main(port: int, user: str, secret: str, dsn: str) -> None:
    """Run until standard input ends."""
    on = psycopg.connect(dsn, autocommit=True)
    on.execute(TABLE)
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=user, protocol=mqtt.MQTTv5)
    client.username_pw_set(user, secret)

    def take(_client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        device = message.topic.split("/")[1]
        body = json.loads(message.payload)
        for one in body["points"]:
            on.execute(INSERT, (device, one["fixed_at"], one["lon"], one["lat"], one["accuracy"], one["speed"],
                                one["bearing"]))  # fmt: skip
        client.publish(f"gridline/{device}/down/receipt", json.dumps({"id": body["id"], "status": "kept"},
                                                                    separators=(",", ":")), qos=1)  # fmt: skip

    def connected(*_: Any) -> None:
        client.subscribe("gridline/+/up/position", qos=1)

    client.on_message = take
    client.on_connect = connected
    client.on_subscribe = lambda *_: print("ready", flush=True)
    client.connect("127.0.0.1", port)
    client.loop_start()
    sys.stdin.read()
    client.loop_stop()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4])
