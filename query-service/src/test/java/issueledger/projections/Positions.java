package issueledger.projections;

import issueledger.log.RecordedEvent;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A projection whose views are the positions of the events that it has folded; it can fail, wait and be unable to read an event. */
final class Positions implements Projection {
    static final String UNREADABLE = "unreadable";

    private final String name;
    private final int version;

    /** The events that this object has folded, also those that were not written. */
    final List<Long> folded = Collections.synchronizedList(new ArrayList<>());

    /** Called with each event before it is folded. */
    volatile Consumer<RecordedEvent> before = event -> {};

    /** True once it can read {@link #UNREADABLE}. */
    volatile boolean learned;

    private volatile @Nullable Stored served;

    Positions(String name) {
        this(name, 1);
    }

    Positions(String name, int version) {
        this.name = name;
        this.version = version;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int version() {
        return version;
    }

    @Override
    public ReadModel open(Generation generation) {
        return new Stored(((SqliteGeneration) generation).views());
    }

    @Override
    public void serve(@Nullable ReadModel model) {
        served = (Stored) model;
    }

    /** The positions that readers see, in the order in which they were written; null while nothing is served. */
    @Nullable
    List<Long> stored() {
        Stored model = served;
        return model == null ? null : model.positions();
    }

    private final class Stored implements ReadModel {
        private final SqliteViews views;

        Stored(SqliteViews views) {
            this.views = views;
            views.write(session -> session.execute(List.of(
                    "CREATE TABLE IF NOT EXISTS positions (n INTEGER PRIMARY KEY, position INTEGER NOT NULL)")));
        }

        List<Long> positions() {
            return views.read(session -> {
                List<Long> positions = new ArrayList<>();
                try (ResultSet rows = session.statement("SELECT position FROM positions ORDER BY n")
                        .executeQuery()) {
                    while (rows.next()) {
                        positions.add(rows.getLong(1));
                    }
                }
                return positions;
            });
        }

        @Override
        public Changes fold(List<RecordedEvent> events) {
            List<Failure> failures = new ArrayList<>();
            Set<String> failed = new HashSet<>();
            List<Long> good = new ArrayList<>();
            for (RecordedEvent event : events) {
                before.accept(event);
                folded.add(event.position());
                if (failed.contains(event.stream())) {
                    continue;
                }
                if (!learned && event.payload().contains(UNREADABLE)) {
                    failed.add(event.stream());
                    failures.add(new Failure(event, "not understood"));
                } else {
                    good.add(event.position());
                }
            }
            return new Changes() {
                @Override
                public List<Failure> failures() {
                    return failures;
                }

                @Override
                public void write() {
                    views.write(session -> {
                        for (Long position : good) {
                            session.update("INSERT INTO positions (position) VALUES (?)", position);
                        }
                    });
                }
            };
        }
    }
}
