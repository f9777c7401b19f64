package issueledger.projections;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.setOnInsert;
import static com.mongodb.client.model.Updates.unset;

import com.mongodb.DuplicateKeyException;
import com.mongodb.ErrorCategory;
import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.UpdateOptions;
import issueledger.projections.Generation.Checkpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * One projection's token in MongoDB and the lease on it: one process at a time may move the token. The holder increments a beat. A process
 * that sees the same beat for longer than {@link #EXPIRY}, by its own clock, takes the lease; clocks need not agree.
 */
final class MongoFeed implements Feed {
    /** Maximum silence of a holder. */
    static final Duration EXPIRY = Duration.ofMillis(2_500);

    private final MongoDatabase database;
    private final MongoCollection<Document> tokens;
    private final String name;
    private final String self = UUID.randomUUID().toString();
    private boolean held;
    private Document token = new Document();
    private @Nullable Seen seen;

    /** The holder's last beat and the time when this process first saw it. */
    private record Seen(@Nullable String owner, long beat, long nanoTime) {}

    /** @param name {@link Projection#storedAs()}: each version has its own token */
    MongoFeed(MongoDatabase database, String name) {
        this.database = database;
        this.tokens = database.getCollection("tokens");
        this.name = name;
    }

    @Override
    public synchronized boolean isHeld() {
        return held;
    }

    /** Reads the token; takes the lease if it is free or its holder is silent. */
    @Override
    public synchronized boolean acquire() {
        if (held) {
            return true;
        }
        Document read = tokens.find(eq("_id", name)).first();
        if (read == null) {
            makeToken();
            return false;
        }
        token = read;
        String owner = token.getString("owner");
        long beat = token.getLong("beat");
        Seen before = seen;
        if (before == null || before.beat() != beat || !Objects.equals(before.owner(), owner)) {
            seen = new Seen(owner, beat, System.nanoTime());
        }
        boolean silent = System.nanoTime() - Objects.requireNonNull(seen).nanoTime() > EXPIRY.toNanos();
        if (owner == null || silent) {
            held = tokens.updateOne(
                                    new Document("_id", name)
                                            .append("owner", owner)
                                            .append("beat", beat),
                                    combine(set("owner", self), inc("beat", 1L)))
                            .getModifiedCount()
                    == 1;
            if (held) {
                refresh(); // The former holder may have moved the token since it was read.
            }
        }
        return held;
    }

    private void makeToken() {
        try {
            tokens.updateOne(
                    eq("_id", name),
                    combine(
                            setOnInsert("owner", null),
                            setOnInsert("beat", 0L),
                            setOnInsert("last", 0),
                            setOnInsert("served", 0)),
                    new UpdateOptions().upsert(true));
        } catch (DuplicateKeyException e) {
            return; // Another process was first.
        } catch (MongoWriteException e) {
            if (e.getError().getCategory() != ErrorCategory.DUPLICATE_KEY) {
                throw e;
            }
        }
    }

    private void refresh() {
        Document read = tokens.find(eq("_id", name)).first();
        token = read == null ? new Document() : read;
    }

    @Override
    public synchronized boolean keep() {
        if (moved(inc("beat", 1L))) {
            refresh();
        }
        return held;
    }

    /** Moves a generation's checkpoint; false if another process has taken the lease. */
    synchronized boolean advance(int number, Checkpoint to) {
        return moved(combine(set("generations." + number, document(to)), inc("beat", 1L)));
    }

    private static Document document(Checkpoint checkpoint) {
        return new Document("position", checkpoint.position())
                .append("hash", checkpoint.hash())
                .append("erasures", checkpoint.erasures());
    }

    private boolean moved(Bson update) {
        held = tokens.updateOne(new Document("_id", name).append("owner", self), update)
                        .getMatchedCount()
                == 1;
        return held;
    }

    private void move(Bson update) {
        if (!moved(update)) {
            throw new ViewsUnavailable("another process feeds the views " + name + " now", null);
        }
        refresh();
    }

    @Override
    public synchronized void release() {
        if (held) {
            moved(set("owner", null));
            held = false;
        }
    }

    /** A generation's checkpoint as last read: by {@link #acquire} where another process feeds. */
    synchronized Checkpoint checkpoint(int number) {
        if (held) {
            refresh();
        }
        Document stored = token.getEmbedded(List.of("generations", Integer.toString(number)), Document.class);
        return stored == null
                ? new Checkpoint(0, "", 0)
                : new Checkpoint(stored.getLong("position"), stored.getString("hash"), stored.getInteger("erasures"));
    }

    private MongoGeneration generation(int number) {
        return new MongoGeneration(number, database, name + "-" + number, this);
    }

    @Override
    public synchronized @Nullable Generation served() {
        int served = token.getInteger("served", 0);
        return served == 0 ? null : generation(served);
    }

    @Override
    public synchronized List<Generation> others() {
        List<Generation> others = new ArrayList<>();
        Document stored = token.get("generations", new Document());
        stored.keySet().stream()
                .map(Integer::parseInt)
                .filter(number -> number != token.getInteger("served", 0))
                .sorted()
                .forEach(number -> others.add(generation(number)));
        return others;
    }

    @Override
    public synchronized Generation begin() {
        int number = token.getInteger("last", 0) + 1;
        move(combine(set("last", number), set("generations." + number, document(new Checkpoint(0, "", 0)))));
        MongoGeneration generation = generation(number);
        generation.drop(); // A process that lost the lease may have left something.
        return generation;
    }

    @Override
    public synchronized void serve(@Nullable Generation generation) {
        move(set("served", generation == null ? 0 : generation.number()));
    }

    @Override
    public synchronized void drop(Generation generation) {
        if (held) {
            move(unset("generations." + generation.number()));
            ((MongoGeneration) generation).drop();
        }
    }

    @Override
    public Optional<String> note(String note) {
        Document read = tokens.find(eq("_id", name)).first();
        return read == null
                ? Optional.empty()
                : Optional.ofNullable(read.getEmbedded(List.of("notes", note), String.class));
    }

    @Override
    public void note(String note, String text) {
        tokens.updateOne(eq("_id", name), set("notes." + note, text));
    }
}
