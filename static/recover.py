#!/usr/bin/env python3
"""Recovers a MasterKey from M shards (mks1...) when sss is gone. Python 3.6+, standard library only.

    python3 recover.py --out master.key [--commitment HEX] shard-1.txt shard-3.txt shard-5.txt

A shard is bech32m (BIP-350, prefix mks) over: version*16 + TEST flag, M, N, generation (2 bytes), set id (8),
check value (4), share. A share is y_1..y_L, x in GF(2^8) modulo 0x11B; the key is the value at x = 0.
The check value is the start of the commitment: HMAC-SHA-256(key, "mks/v1/kcv" + the first 13 bytes)."""
import argparse, hashlib, hmac, os, sys
CHARS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

def fail(message):
    sys.exit("recover: error: " + "".join(c if " " <= c <= "~" else "?" for c in message))

def decode(path):
    text = "".join(c for c in open(path, "rb").read(4096).decode("ascii", "replace") if c not in " \t\r\n")
    text = text.lower() if text == text.upper() else text
    if not text.startswith("mks1") or any(c not in CHARS for c in text[4:]):
        fail("%s: not a shard, or not in one case" % path)
    check, words = 1, [CHARS.index(c) for c in text[4:]]
    for value in [ord(c) >> 5 for c in "mks"] + [0] + [ord(c) & 31 for c in "mks"] + words:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for i, g in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= g if top >> i & 1 else 0
    if check != 0x2BC830A3:
        fail("%s: the checksum is wrong, so a character is wrong, missing or extra" % path)
    bits = "".join(format(w, "05b") for w in words[:-6])
    data = bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits) // 8 * 8, 8))
    good = "1" not in bits[len(data) * 8 :] and 34 <= len(data) <= 82 and data[0] & 0xFE == 0x10
    if not good or not 2 <= data[1] <= data[2] or data[3:5] == b"\0\0":
        fail("%s: not a shard of format version 1" % path)
    if data[-1] == 0:
        fail("%s: x is 0, so this shard is forged" % path)
    if os.environ.get("SSS_TEST", "") != ("1" if data[0] & 1 else ""):
        fail("%s: TEST and real shards never mix (SSS_TEST=1 is for drills)" % path)
    return data

def multiply(a, b):
    product = 0
    while b:
        product, a, b = product ^ (a if b & 1 else 0), a << 1 ^ (0x11B if a & 0x80 else 0), b >> 1
    return product

def main():
    words = "".join("".join(sys.argv[1:]).lower().split()).split("mks1")[1:]
    if any(len(word) > 5 and not word[:6].strip(CHARS) for word in words):
        fail("an argument looks like the text of a shard: shards are files, and this one is exposed now")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.error = fail
    parser.add_argument("--out", required=True)
    parser.add_argument("--commitment", type=str.lower)
    parser.add_argument("shards", nargs="+", metavar="SHARD")
    args = parser.parse_args()
    shards = [decode(path) for path in args.shards]
    if len({(s[:17], len(s)) for s in shards}) > 1:
        fail("the shards are not all of one set")
    if len(shards) != shards[0][1] or len({s[-1] for s in shards}) != len(shards):
        fail("give exactly %d different shards" % shards[0][1])
    key = bytearray(len(shards[0]) - 18)
    for s in shards:
        weight = 1
        for x in (other[-1] for other in shards if other is not s):
            weight = multiply(weight, multiply(x, next(v for v in range(256) if multiply(v, x ^ s[-1]) == 1)))
        key = bytearray(k ^ multiply(weight, y) for k, y in zip(key, s[17:-1]))
    commitment = hmac.new(bytes(key), b"mks/v1/kcv" + shards[0][:13], hashlib.sha256).hexdigest()
    if bytes.fromhex(commitment[:8]) != shards[0][13:17] or args.commitment not in (None, commitment):
        fail("the key does not match the check value or the commitment: a shard is altered, or --commitment is wrong")
    out = os.open(args.out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.fsync(out if os.write(out, key) == len(key) else -1)
    except OSError as error:
        os.unlink(args.out)
        fail("%s: %s, so there is no key file" % (args.out, error.strerror))
    print("%s: %d bytes, check value OK, commitment %s" % (ascii(args.out)[1:-1], len(key), commitment), flush=True)

try:
    main()
except OSError as error:
    fail("%s: %s" % (error.filename or "standard output", error.strerror))
