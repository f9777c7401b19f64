package issueledger.projections;

import issueledger.projections.ProcessorTokens.Row;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.axonframework.eventhandling.tokenstore.UnableToInitializeTokenException;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

/**
 * Axon's tokens in the view store. A claim is one process's until it is released or {@link #CLAIM} old. Each change replaces the row that
 * was read and is repeated if another process or thread was faster.
 */
final class ViewTokenStore implements TokenStore {
    private static final Logger LOG = LoggerFactory.getLogger(ViewTokenStore.class);

    /** As in Axon's own stores. */
    static final Duration CLAIM = Duration.ofSeconds(10);

    /** Axon's own stores keep their identifier under this name too. */
    private static final String CONFIG = "__config";

    /** Jackson 3 refuses a replay token's context, which is any object, unless the classes it may have are named. */
    private static final Serializer SERIALIZER = Jackson3Serializer.builder()
            .jsonMapperBuilderCustomizer(
                    mapper -> mapper.polymorphicTypeValidator(BasicPolymorphicTypeValidator.builder()
                            .allowIfSubType(String.class)
                            .allowIfSubType(Number.class)
                            .allowIfSubType("issueledger.")
                            .allowIfSubType("org.axonframework.eventhandling.")
                            .build()))
            .build();

    private final ProcessorTokens tokens;
    private final Clock clock;
    private final IntSupplier erasures;
    private final String self = UUID.randomUUID().toString();
    private final Set<String> fetched = ConcurrentHashMap.newKeySet();

    /** @param erasures the number of erasures in the log, which stays the same while a service runs */
    ViewTokenStore(ProcessorTokens tokens, Clock clock, IntSupplier erasures) {
        this.tokens = tokens;
        this.clock = clock;
        this.erasures = erasures;
    }

    @Override
    public boolean requiresExplicitSegmentInitialization() {
        return true;
    }

    @Override
    public void initializeTokenSegments(String processor, int count) {
        initializeTokenSegments(processor, count, null);
    }

    @Override
    public void initializeTokenSegments(String processor, int count, @Nullable TrackingToken initial) {
        for (int segment = 0; segment < count; segment++) {
            if (!insert(processor, segment, initial)) {
                throw new UnableToClaimTokenException(name(processor, segment) + " is initialized already");
            }
        }
    }

    @Override
    public void initializeSegment(@Nullable TrackingToken token, String processor, int segment) {
        if (!insert(processor, segment, token)) {
            throw new UnableToInitializeTokenException(name(processor, segment) + " is initialized already");
        }
    }

    private boolean insert(String processor, int segment, @Nullable TrackingToken token) {
        return tokens.insert(with(new Row(processor, segment, null, null, null, clock.millis(), 0), token));
    }

    @Override
    public void storeToken(@Nullable TrackingToken token, String processor, int segment) {
        claim(processor, segment, row -> with(row, token));
    }

    private Row with(Row row, @Nullable TrackingToken token) {
        if (token == null) {
            return row.with(null, null, erasures.getAsInt());
        }
        SerializedObject<String> serialized = SERIALIZER.serialize(token, String.class);
        return row.with(serialized.getData(), serialized.getType().getName(), erasures.getAsInt());
    }

    @Override
    public @Nullable TrackingToken fetchToken(String processor, int segment) {
        Row row = claim(processor, segment, UnaryOperator.identity());
        fetched.add(processor);
        return row.token() == null || row.type() == null
                ? null
                : SERIALIZER.deserialize(new SimpleSerializedObject<>(row.token(), String.class, row.type(), null));
    }

    @Override
    public @Nullable TrackingToken fetchToken(String processor, Segment segment) {
        List<Integer> segments =
                tokens.rows(processor).stream().map(Row::segment).toList();
        if (segments.contains(segment.splitSegmentId()) || !segments.contains(segment.mergeableSegmentId())) {
            throw new UnableToClaimTokenException(
                    name(processor, segment.getSegmentId()) + " has been split, or merged with another");
        }
        return fetchToken(processor, segment.getSegmentId());
    }

    @Override
    public void extendClaim(String processor, int segment) {
        claim(processor, segment, UnaryOperator.identity());
    }

    private Row claim(String processor, int segment, UnaryOperator<Row> change) {
        while (true) {
            Row row = tokens.row(processor, segment)
                    .orElseThrow(() ->
                            new UnableToClaimTokenException(name(processor, segment) + " is not initialized yet"));
            if (!isFree(row)) {
                throw new UnableToClaimTokenException(name(processor, segment) + " is claimed by " + row.owner());
            }
            Row claimed = change.apply(row.claimed(self, clock.millis()));
            if (tokens.replace(row, claimed)) {
                return claimed;
            }
        }
    }

    private boolean isFree(Row row) {
        return row.owner() == null || isOwn(row) || row.at() + CLAIM.toMillis() < clock.millis();
    }

    private boolean isOwn(Row row) {
        return self.equals(row.owner());
    }

    @Override
    public void releaseClaim(String processor, int segment) {
        Optional<Row> own = own(processor, segment);
        while (own.isPresent() && !tokens.replace(own.get(), own.get().claimed(null, clock.millis()))) {
            own = own(processor, segment);
        }
    }

    @Override
    public void deleteToken(String processor, int segment) {
        Optional<Row> own = own(processor, segment);
        while (own.isPresent() && !tokens.delete(own.get())) {
            own = own(processor, segment);
        }
        if (own.isEmpty()) {
            throw new UnableToClaimTokenException(name(processor, segment) + " is not claimed by this process");
        }
    }

    private Optional<Row> own(String processor, int segment) {
        return tokens.row(processor, segment).filter(this::isOwn);
    }

    @Override
    public int[] fetchSegments(String processor) {
        return segments(tokens.rows(processor));
    }

    private static int[] segments(List<Row> rows) {
        return rows.stream().mapToInt(Row::segment).toArray();
    }

    /** Also initializes a processor that has lost its tokens while it runs: it would stand still for ever. */
    @Override
    public List<Segment> fetchAvailableSegments(String processor) {
        List<Row> rows = tokens.rows(processor);
        if (rows.isEmpty() && fetched.contains(processor)) {
            LOG.warn("the token of {} is lost: the processor starts from the beginning of the log", processor);
            insert(processor, 0, null);
            rows = tokens.rows(processor);
        }
        int[] segments = segments(rows);
        return rows.stream()
                .filter(this::isFree)
                .map(row -> Segment.computeSegment(row.segment(), segments))
                .toList();
    }

    /** Whether texts have been erased from the log since a token of the processor was stored. */
    boolean isBehindAnErasure(String processor) {
        return tokens.rows(processor).stream().anyMatch(row -> row.erasures() != erasures.getAsInt());
    }

    @Override
    public Optional<String> retrieveStorageIdentifier() {
        if (tokens.row(CONFIG, 0).isEmpty()) {
            tokens.insert(new Row(CONFIG, 0, UUID.randomUUID().toString(), null, null, clock.millis(), 0));
        }
        return tokens.row(CONFIG, 0).map(Row::token);
    }

    private static String name(String processor, int segment) {
        return "segment " + segment + " of " + processor;
    }
}
