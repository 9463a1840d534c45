"""What a test does in the handset app's page behind the app's back."""

THUMB = """async () => {
  const db = await import('/js/db.js');
  const [thumb] = (await db.all('media')).filter((one) => one.kind === 'thumb');
  return [...new Uint8Array(await thumb.blob.arrayBuffer())];
}"""
"""The bytes of the only small picture that is kept."""

ELSEWHERE = """async ({text, base}) => {
  const db = await import('/js/db.js');
  const {write, seal, topicOf, read} = await import('/js/envelope.js');
  const {uuid7} = await import('/js/ids.js');
  const device = await db.get('meta', 'device');
  const [first] = (await db.all('outbox')).filter((one) => one.type === 'report' && one.first === one.id);
  const body = write({type: 'report', id: uuid7(), seq: 1000, look: {boot: 'elsewhere', mono: 1, at: Date.now()},
                      login: read(first.body).login, fields: {text, edits: first.id, base}});
  const answer = await fetch('/field/v1/up/report', {method: 'POST', body, headers: {
    Authorization: 'Basic ' + btoa(device.name + ':' + device.secret),
    'X-Gridline-Signature': await seal(device.key, topicOf(device.name, 'report'), body)}});
  if (answer.status !== 201) throw new Error(await answer.text());
}"""
"""The first report that is kept is edited as by another phone: its text, upon the version `base`."""
