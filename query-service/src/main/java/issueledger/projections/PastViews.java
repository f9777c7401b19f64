package issueledger.projections;

import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A projection's views as they were at one position of the log, in a temporary file that is removed by {@link #close}. */
public final class PastViews implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PastViews.class);

    private final SqliteGeneration generation;
    private final ReadModel model;
    private final long position;

    private PastViews(SqliteGeneration generation, ReadModel model, long position) {
        this.generation = generation;
        this.model = model;
        this.position = position;
    }

    /** Folds the log up to a position, which it must have. */
    public static PastViews fold(Projection projection, EventLog log, long position, Clock clock) {
        long start = System.nanoTime();
        SqliteGeneration generation = new SqliteGeneration(0, file());
        try {
            generation.make();
            generation.views().careless(true);
            Filling filling = new Filling(projection, generation, clock);
            BatchReader reader = new BatchReader(log, position);
            while (filling.position() < position) {
                List<RecordedEvent> batch = reader.next(filling.position(), Duration.ofSeconds(1));
                if (Thread.currentThread().isInterrupted()) {
                    throw new ViewsUnavailable("the service stops", null);
                }
                if (!batch.isEmpty()) {
                    filling.apply(batch, 0);
                }
            }
            filling.model().prepareForReaders();
            LOG.info(
                    "the view {} as of position {} was folded in {} ms",
                    projection.name(),
                    position,
                    Duration.ofNanos(System.nanoTime() - start).toMillis());
            // Opened anew, without the views that the fold has in memory.
            return new PastViews(generation, projection.open(generation), position);
        } catch (InterruptedException e) {
            generation.views().delete();
            Thread.currentThread().interrupt();
            throw new ViewsUnavailable("the service stops", e);
        } catch (RuntimeException | Error e) {
            generation.views().delete();
            throw e;
        }
    }

    private static Path file() {
        try {
            Path file = Files.createTempFile("issue-ledger-past-", ".db");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public ReadModel model() {
        return model;
    }

    public long position() {
        return position;
    }

    @Override
    public void close() {
        generation.views().delete();
    }
}
