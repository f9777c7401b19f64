package issueledger.access;

import com.nimbusds.jose.RemoteKeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The issuer's public keys. They are fetched at the start until that succeeds, for a token that names an unknown key, and when they are
 * five minutes old. While the issuer is unreachable the known keys stay valid.
 *
 * <p>Nimbus's own chain of sources is not used: its limit on fetches cannot tell an unknown key from a failed fetch.
 */
final class IssuerKeys implements JWKSource<SecurityContext>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);

    static final Duration FRESH = Duration.ofMinutes(5);

    /** Fetches allowed at once; then one per interval. Tokens with made-up keys must not flood the issuer. */
    static final int AT_ONCE = 10;

    static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final Duration RETRY_WITH_KNOWN_KEYS = Duration.ofSeconds(30);
    private static final int MAX_BYTES = 1 << 20;

    /** Finds the URL of the keys. */
    interface Location {
        String find(DefaultResourceRetriever web) throws IOException;
    }

    private final String issuer;
    private final Location location;
    private final LongSupplier nanos;
    private final DefaultResourceRetriever web = new DefaultResourceRetriever(2_000, 2_000, MAX_BYTES);
    private final ReentrantLock fetching = new ReentrantLock();
    private final Thread waiting;

    private volatile @Nullable JWKSet known;
    private volatile @Nullable IOException trouble;
    private final AtomicLong attempts = new AtomicLong();
    private volatile long staleAt;
    private long nextFetch;

    /**
     * @param issuer its name in log messages
     * @param nanos a clock like {@link System#nanoTime()}
     */
    IssuerKeys(String issuer, Location location, LongSupplier nanos) {
        this.issuer = issuer;
        this.location = location;
        this.nanos = nanos;
        this.nextFetch = nanos.getAsLong() - AT_ONCE * INTERVAL.toNanos();
        this.waiting = Thread.ofVirtual().name("issuers-keys").unstarted(this::waitForThem);
    }

    /** Does not wait for the issuer. */
    IssuerKeys start() {
        waiting.start();
        return this;
    }

    private void waitForThem() {
        try {
            fetchAgain(attempts.get());
            while (known == null) {
                Thread.sleep(RETRY);
                fetchAgain(attempts.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // The service stops.
        }
    }

    @Override
    public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) throws RemoteKeySourceException {
        long seen = attempts.get();
        if (known == null) {
            fetchAgain(seen);
        } else if (nanos.getAsLong() - staleAt > 0 && fetching.tryLock()) {
            // One request fetches the keys; the others use the known ones.
            try {
                fetchAgain(seen);
            } finally {
                fetching.unlock();
            }
        }
        List<JWK> found = select(selector);
        if (found.isEmpty() && attempts.get() == seen) {
            fetchAgain(seen);
            found = select(selector);
        }
        IOException why = trouble;
        if (found.isEmpty() && why != null) {
            throw new RemoteKeySourceException("The keys cannot be fetched", why);
        }
        return found;
    }

    private List<JWK> select(JWKSelector selector) {
        JWKSet keys = known;
        return keys == null ? List.of() : selector.select(keys);
    }

    /** Fetches, unless another thread has tried since the attempt that the caller saw, or the limit is reached. */
    private void fetchAgain(long seen) {
        fetching.lock();
        try {
            if (attempts.get() == seen && mayFetch()) {
                fetch();
                attempts.incrementAndGet();
            }
        } finally {
            fetching.unlock();
        }
    }

    private boolean mayFetch() {
        long now = nanos.getAsLong();
        long earliest = Math.max(nextFetch - now, -(AT_ONCE - 1) * INTERVAL.toNanos());
        if (earliest > 0) {
            return false;
        }
        nextFetch = now + earliest + INTERVAL.toNanos();
        return true;
    }

    private void fetch() {
        try {
            String url = location.find(web);
            JWKSet keys = JWKSet.parse(read(web, url)).toPublicJWKSet();
            if (known == null || trouble != null) {
                LOG.info("The keys of {} are there, fetched from {}.", issuer, url);
            }
            known = keys;
            trouble = null;
            staleAt = nanos.getAsLong() + FRESH.toNanos();
        } catch (IOException | ParseException e) {
            if (trouble == null) {
                LOG.warn(
                        "The keys of {} cannot be fetched, and are waited for: {}. {}",
                        issuer,
                        e.getMessage(),
                        known == null
                                ? "Until then requests with tokens are answered with 503."
                                : "Those that are known go on.");
            }
            trouble = e instanceof IOException io ? io : new IOException(e);
            staleAt = nanos.getAsLong() + RETRY_WITH_KNOWN_KEYS.toNanos();
        }
    }

    static String read(DefaultResourceRetriever web, String url) throws IOException {
        try {
            return web.retrieveResource(URI.create(url).toURL()).getContent();
        } catch (IllegalArgumentException e) {
            throw new IOException(url + " is no address", e);
        }
    }

    @Override
    public void close() {
        waiting.interrupt();
    }
}
