package issueledger.tlog;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import issueledger.log.mongo.MongoDeployment;
import issueledger.proof.KeySeed;
import issueledger.proof.MalformedProof;
import issueledger.proof.SignatureType;
import issueledger.proof.SigningKey;
import issueledger.startup.StartupFailure;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the transparency log: its keys, the store of its checkpoints, its health and its metrics. */
@Configuration(proxyBeanMethods = false)
class TlogConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(TlogConfiguration.class);
    private static final int MAX_ORIGIN_BYTES = 255;

    @Bean
    CheckpointStore checkpointStore(
            @Value("${issue-ledger.data-dir}") Path dataDirectory, ObjectProvider<MongoDeployment> mongo) {
        MongoDeployment deployment = mongo.getIfAvailable();
        return deployment == null
                ? new SqliteCheckpoints(dataDirectory.resolve("checkpoints.db"))
                : MongoCheckpoints.of(deployment);
    }

    @Bean
    CheckpointCopy checkpointCopy(@Value("${issue-ledger.checkpoint-file}") String file) {
        return new CheckpointCopy(file.isBlank() ? null : Path.of(file));
    }

    @Bean
    LogKeys logKeys(
            @Value("${issue-ledger.data-dir}") Path dataDirectory,
            @Value("${issue-ledger.origin}") String origin,
            @Value("${issue-ledger.signing-key}") String signingKey,
            @Value("${issue-ledger.mldsa-key}") String mldsaKey,
            ObjectProvider<MongoDeployment> mongo) {
        return keys(dataDirectory, origin, signingKey, mldsaKey, mongo.getIfAvailable() != null);
    }

    /** @param isOnMongo whether no key is made where none is given */
    static LogKeys keys(Path dataDirectory, String origin, String signingKey, String mldsaKey, boolean isOnMongo) {
        if (signingKey.isBlank() && isOnMongo) {
            LOG.info("no checkpoint is signed: ISSUE_LEDGER_SIGNING_KEY names no key, and with MongoDB none is made");
            return LogKeys.NONE;
        }
        KeySeed seed = signingKey.isBlank()
                ? PrivateKeys.readOrMake(dataDirectory.resolve("signing-key.pem"))
                : PrivateKeys.read("ISSUE_LEDGER_SIGNING_KEY", Path.of(signingKey));
        if (!seed.isEd25519()) {
            throw new StartupFailure("ISSUE_LEDGER_SIGNING_KEY is no Ed25519 key.");
        }
        String name = origin.isBlank() ? "issue-ledger/" + fingerprint(seed.publicKey()) : origin;
        if (name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > MAX_ORIGIN_BYTES) {
            throw new StartupFailure("ISSUE_LEDGER_ORIGIN is longer than " + MAX_ORIGIN_BYTES + " bytes.");
        }
        List<SigningKey> keys = new ArrayList<>();
        try {
            keys.add(SigningKey.of(name, SignatureType.ED25519, seed));
        } catch (MalformedProof e) {
            throw new StartupFailure("ISSUE_LEDGER_ORIGIN=" + name + " is no name of a log: " + e.getMessage() + ".");
        }
        if (!mldsaKey.isBlank()) {
            addMlDsa(keys, name, mldsaKey);
        }
        return new LogKeys(name, keys);
    }

    private static void addMlDsa(List<SigningKey> keys, String name, String file) {
        if (!SignatureType.ML_DSA_44_COSIGNATURE.isAvailable()) {
            LOG.warn("ISSUE_LEDGER_MLDSA_KEY is not used: this Java has no ML-DSA-44, which comes with JDK 24");
            return;
        }
        KeySeed seed = PrivateKeys.read("ISSUE_LEDGER_MLDSA_KEY", Path.of(file));
        if (seed.isEd25519()) {
            throw new StartupFailure("ISSUE_LEDGER_MLDSA_KEY is no ML-DSA-44 key.");
        }
        keys.add(SigningKey.of(name, SignatureType.ML_DSA_44_COSIGNATURE, seed));
    }

    /** 16 hex digits of the key's SHA-256. */
    private static String fingerprint(byte[] publicKey) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(publicKey);
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Degraded while nothing can be signed. Readiness does not look at it: reading and proving go on as far as they can. */
    @Bean
    HealthIndicator tlogHealthIndicator(CheckpointSigner signer, Witnesses witnesses) {
        return () -> {
            List<String> troubles = new ArrayList<>(witnesses.alarms());
            signer.trouble().ifPresent(why -> troubles.addFirst(withoutDirectory(why)));
            Health.Builder health = troubles.isEmpty() ? Health.up() : Health.status("DEGRADED");
            SignedCheckpoint last = signer.last();
            health.withDetail("signed", last == null ? 0 : last.size());
            return troubles.isEmpty()
                    ? health.build()
                    : health.withDetail("troubles", troubles).build();
        };
    }

    private static String withoutDirectory(String detail) {
        return detail.replaceAll("\\S*/(\\S+\\.(db|pem))", "$1");
    }

    @Bean
    MeterBinder tlogMeters(CheckpointSigner signer) {
        return registry -> {
            FunctionCounter.builder("ledger.tlog.contradictions", signer, CheckpointSigner::refusals)
                    .description("Times, at most one a second, that no checkpoint was signed because the log is not the"
                            + " one that a signed checkpoint stands for")
                    .register(registry);
            Gauge.builder("ledger.tlog.signed", signer, one -> {
                        SignedCheckpoint last = one.last();
                        return last == null ? 0 : last.size();
                    })
                    .description("The number of events that the last signed checkpoint stands for")
                    .register(registry);
        };
    }
}
