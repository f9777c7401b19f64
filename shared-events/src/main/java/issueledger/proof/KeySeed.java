package issueledger.proof;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** A private key, kept as the 32 bytes that it is made of. Its file is PEM with PKCS #8 (RFC 8410 for Ed25519, RFC 9881 for ML-DSA-44). */
public final class KeySeed {
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    /** Before the seed, where a file has seed and expanded key, as OpenSSL writes it. */
    private static final byte[] ML_DSA_44_BOTH =
            HexFormat.of().parseHex("30820a3e020100300b060960864801650304031104820a2a30820a260420");

    private final KeyAlgorithm algorithm;
    private final byte[] seed;

    private KeySeed(KeyAlgorithm algorithm, byte[] seed) {
        this.algorithm = algorithm;
        this.seed = seed;
    }

    public static KeySeed freshEd25519() {
        return fresh(KeyAlgorithm.ED25519);
    }

    public static KeySeed freshMlDsa44() {
        return fresh(KeyAlgorithm.ML_DSA_44);
    }

    private static KeySeed fresh(KeyAlgorithm algorithm) {
        byte[] seed = new byte[KeyAlgorithm.SEED_BYTES];
        new SecureRandom().nextBytes(seed);
        return new KeySeed(algorithm, seed);
    }

    /** Reads a file's text. A message of its exception has nothing of the key. */
    public static KeySeed parse(String pem) {
        int begin = pem.indexOf(BEGIN);
        int end = pem.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new MalformedProof("a private key's file has a line \"" + BEGIN + "\" (PKCS #8, not encrypted)");
        }
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN.length(), end));
        } catch (IllegalArgumentException e) {
            throw new MalformedProof("the private key's file is not base64");
        }
        byte[] seedForm = KeyAlgorithm.ML_DSA_44.pkcs8Prefix();
        if (der.length == seedForm.length + KeyAlgorithm.SEED_BYTES && startsWith(der, seedForm)) {
            return new KeySeed(KeyAlgorithm.ML_DSA_44, seedAt(der, seedForm.length));
        }
        if (startsWith(der, ML_DSA_44_BOTH)) {
            return new KeySeed(KeyAlgorithm.ML_DSA_44, seedAt(der, ML_DSA_44_BOTH.length));
        }
        return ed25519(der);
    }

    private static KeySeed ed25519(byte[] der) {
        try {
            if (KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(der))
                    instanceof EdECPrivateKey key) {
                return new KeySeed(
                        KeyAlgorithm.ED25519,
                        key.getBytes().orElseThrow(() -> new MalformedProof("the private key has no bytes")));
            }
        } catch (GeneralSecurityException e) {
            // Refused below.
        }
        throw new MalformedProof("the private key is neither Ed25519 nor ML-DSA-44 with its seed");
    }

    private static boolean startsWith(byte[] der, byte[] prefix) {
        return der.length >= prefix.length + KeyAlgorithm.SEED_BYTES
                && Arrays.equals(der, 0, prefix.length, prefix, 0, prefix.length);
    }

    private static byte[] seedAt(byte[] der, int offset) {
        return Arrays.copyOfRange(der, offset, offset + KeyAlgorithm.SEED_BYTES);
    }

    /** The file's text. */
    public String pem() {
        byte[] prefix = algorithm.pkcs8Prefix();
        byte[] der = ByteBuffer.allocate(prefix.length + seed.length)
                .put(prefix)
                .put(seed)
                .array();
        return BEGIN + "\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n" + END + "\n";
    }

    public boolean isEd25519() {
        return algorithm == KeyAlgorithm.ED25519;
    }

    KeyAlgorithm algorithm() {
        return algorithm;
    }

    /** The public key's raw bytes. */
    public byte[] publicKey() {
        return algorithm.raw(pair().getPublic());
    }

    KeyPair pair() {
        return algorithm.pair(seed);
    }

    @Override
    public String toString() {
        return "a private key";
    }
}
