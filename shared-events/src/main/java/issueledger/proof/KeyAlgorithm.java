package issueledger.proof;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/** The algorithms of keys. Both make their key pair of a seed of 32 bytes (RFC 8032; FIPS 204). */
enum KeyAlgorithm {
    ED25519("Ed25519", 32, 64, "302a300506032b6570032100", "302e020100300506032b657004220420"),
    /** Java has it from 24 on. */
    ML_DSA_44(
            "ML-DSA-44",
            1312,
            2420,
            "30820532300b06096086480165030403110382052100",
            "3034020100300b060960864801650304031104228020");

    static final int SEED_BYTES = 32;

    private final String name;
    private final int publicBytes;
    private final int signatureBytes;

    /** What stands before the raw key in X.509's SubjectPublicKeyInfo, in hex. */
    private final String x509;

    /** What stands before the seed in PKCS #8 (RFC 8410; RFC 9881), in hex. */
    private final String pkcs8;

    KeyAlgorithm(String name, int publicBytes, int signatureBytes, String x509, String pkcs8) {
        this.name = name;
        this.publicBytes = publicBytes;
        this.signatureBytes = signatureBytes;
        this.x509 = x509;
        this.pkcs8 = pkcs8;
    }

    boolean isAvailable() {
        try {
            Signature.getInstance(name);
            return true;
        } catch (NoSuchAlgorithmException e) {
            return false;
        }
    }

    int publicBytes() {
        return publicBytes;
    }

    int signatureBytes() {
        return signatureBytes;
    }

    byte[] pkcs8Prefix() {
        return HexFormat.of().parseHex(pkcs8);
    }

    KeyPair pair(byte[] seed) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(name);
            initialize(generator, seed);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw unavailable(e);
        }
    }

    private void initialize(KeyPairGenerator generator, byte[] seed) throws GeneralSecurityException {
        generator.initialize(new NamedParameterSpec(name), new Seeded(seed));
    }

    byte[] raw(PublicKey key) {
        byte[] encoded = key.getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - publicBytes, encoded.length);
    }

    byte[] sign(KeyPair pair, byte[] message) {
        try {
            Signature signature = Signature.getInstance(name);
            signature.initSign(pair.getPrivate());
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw unavailable(e);
        }
    }

    boolean isSigned(byte[] publicKey, byte[] message, byte[] signature) {
        try {
            byte[] encoded = HexFormat.of().parseHex(x509 + HexFormat.of().formatHex(publicKey));
            Signature verifier = Signature.getInstance(name);
            verifier.initVerify(KeyFactory.getInstance(name).generatePublic(new X509EncodedKeySpec(encoded)));
            verifier.update(message);
            return verifier.verify(signature);
        } catch (NoSuchAlgorithmException e) {
            throw unavailable(e);
        } catch (GeneralSecurityException e) {
            return false; // The key is no point of the curve, or the signature has another form.
        }
    }

    private IllegalStateException unavailable(GeneralSecurityException e) {
        return new IllegalStateException("this Java has no " + name, e);
    }

    /** Gives a key pair's generator the seed instead of random bytes. */
    private static final class Seeded extends SecureRandom {
        private static final long serialVersionUID = 1;
        private final byte[] seed;

        Seeded(byte[] seed) {
            this.seed = seed.clone();
        }

        @Override
        public void nextBytes(byte[] bytes) {
            if (bytes.length != seed.length) {
                throw new IllegalStateException("the generator asks for " + bytes.length + " bytes and not for a seed");
            }
            System.arraycopy(seed, 0, bytes, 0, seed.length);
        }
    }
}
