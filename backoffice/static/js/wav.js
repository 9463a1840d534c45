// Any sound a browser can play, made into what a telephone plays: 8 kHz, one channel, 16 bit, as a WAV file (RIFF).

const RATE = 8000;

/** Throws a DOMException for what is no sound. */
export async function toWav(blob) {
  const context = new OfflineAudioContext(1, 1, 48000);
  const sound = await context.decodeAudioData(await blob.arrayBuffer());
  const telephone = new OfflineAudioContext(1, Math.max(1, Math.ceil(sound.duration * RATE)), RATE);
  const source = telephone.createBufferSource();
  source.buffer = sound;
  source.connect(telephone.destination);
  source.start();
  return riff((await telephone.startRendering()).getChannelData(0));
}

function riff(samples) {
  const bytes = new DataView(new ArrayBuffer(44 + samples.length * 2));
  const text = (at, word) => { for (let n = 0; n < word.length; n += 1) bytes.setUint8(at + n, word.charCodeAt(n)); };
  text(0, "RIFF");
  bytes.setUint32(4, 36 + samples.length * 2, true);
  text(8, "WAVEfmt ");
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true); // PCM
  bytes.setUint16(22, 1, true);
  bytes.setUint32(24, RATE, true);
  bytes.setUint32(28, RATE * 2, true);
  bytes.setUint16(32, 2, true);
  bytes.setUint16(34, 16, true);
  text(36, "data");
  bytes.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, n) => bytes.setInt16(44 + n * 2, Math.round(Math.min(Math.max(sample, -1), 1) * 32767), true));
  return bytes.buffer;
}
