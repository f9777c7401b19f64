package issueledger.projections;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Views in a folder: {@code views.db} says which generation of each projection is served, and each generation has a file of its own, so
 * that filling and dropping one does not delay another. The process that holds the lock on {@code views.lock} feeds them; the operating
 * system frees the lock when the process dies.
 */
final class SqliteViewStore implements ViewStore {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteViewStore.class);

    /** "IsLi". */
    private static final int APPLICATION_ID = 0x49734C69;

    private static final List<String> SCHEMA = List.of(
            """
            CREATE TABLE generations (
              views TEXT NOT NULL, number INTEGER NOT NULL, served INTEGER NOT NULL, PRIMARY KEY (views, number)
            ) STRICT\
            """,
            "CREATE TABLE notes (views TEXT NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (views,"
                    + " name)) STRICT",
            SqliteProcessorTokens.SCHEMA);

    private final Path folder;
    private final Clock clock;
    private @Nullable SqliteViews index;
    private @Nullable Object indexKey;
    private @Nullable FileChannel lockFile;
    private @Nullable Object lockKey;
    private @Nullable FileLock lock;
    private final Set<String> feeds = new HashSet<>();
    private boolean tidy;
    private int lastNumber;

    SqliteViewStore(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    private Path indexPath() {
        return folder.resolve("views.db");
    }

    @Override
    public synchronized Feed feed(String views) {
        feeds.add(views);
        return new SqliteFeed(views);
    }

    @Override
    public ProcessorTokens processorTokens() {
        return new SqliteProcessorTokens(this);
    }

    private synchronized boolean isHeld() {
        return lock != null;
    }

    /** True if this process feeds the views. */
    synchronized boolean acquire() {
        return keep() || lock();
    }

    /** A lock on a file that was removed keeps nobody else from feeding: it is given up, and a new file is locked. */
    private synchronized boolean keep() {
        if (lock != null && !isLockInPlace()) {
            closeLock();
            lock();
        }
        return lock != null;
    }

    private boolean lock() {
        try {
            if (lockFile != null && !isLockInPlace()) {
                closeLock();
            }
            if (lockFile == null) {
                lockFile = FileChannel.open(lockPath(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                lockKey = key(lockPath());
            }
            lock = lockFile.tryLock();
        } catch (OverlappingFileLockException e) {
            return false; // Another service of this process.
        } catch (IOException e) {
            throw new ViewsUnavailable(folder + " cannot hold views: " + e.getMessage(), e);
        }
        return lock != null;
    }

    private boolean isLockInPlace() {
        return Objects.equals(lockKey, key(lockPath()));
    }

    private Path lockPath() {
        return folder.resolve("views.lock");
    }

    private void closeLock() {
        try {
            if (lockFile != null) {
                lockFile.close(); // Frees the lock.
            }
        } catch (IOException e) {
            LOG.warn("{} could not be closed: {}", lockPath(), e.getMessage());
        }
        lockFile = null;
        lock = null;
    }

    /** The index, opened anew if another process has replaced its file; null if there is none and this process may not make it. */
    private synchronized @Nullable SqliteViews index() {
        Object key = key(indexPath());
        if (index != null && key != null && Objects.equals(key, indexKey) && (tidy || lock == null)) {
            return index;
        }
        if (index != null) {
            index.close();
            index = null;
        }
        if (key == null && lock == null) {
            return null;
        }
        SqliteViews opened = new SqliteViews(indexPath(), APPLICATION_ID);
        if (lock != null) {
            try {
                opened.make(SCHEMA);
                forget(opened);
            } catch (ViewsDamaged e) {
                LOG.warn("the views are replaced: {}", e.getMessage());
                opened.close();
                removeAll();
                opened = new SqliteViews(indexPath(), APPLICATION_ID);
                opened.make(SCHEMA);
            }
            tidy = true;
        }
        index = opened;
        indexKey = key(indexPath());
        return index;
    }

    /** Whether there is an index; makes it if this process may. */
    boolean hasIndex() {
        return index() != null;
    }

    private static @Nullable Object key(Path path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return attributes.fileKey() == null ? path : attributes.fileKey();
        } catch (IOException e) {
            return null;
        }
    }

    private static String fileName(String views, long number) {
        return "views-" + views + "-" + number + ".db";
    }

    /** Removes the views of other versions, and files that a lost index had. */
    private void forget(SqliteViews opened) {
        if (feeds.isEmpty()) {
            return; // No projection has said which views are its own.
        }
        Set<String> known = new HashSet<>();
        opened.write(session -> {
            Set<String> others = new HashSet<>();
            try (ResultSet rows =
                    session.statement("SELECT views, number FROM generations").executeQuery()) {
                while (rows.next()) {
                    if (feeds.contains(rows.getString(1))) {
                        known.add(fileName(rows.getString(1), rows.getLong(2)));
                    } else {
                        others.add(rows.getString(1));
                    }
                }
            }
            for (String other : others) {
                session.update("DELETE FROM generations WHERE views = ?", other);
                session.update("DELETE FROM notes WHERE views = ?", other);
            }
        });
        remove("views-*.db*", name -> !known.contains(name.substring(0, name.lastIndexOf(".db") + ".db".length())));
    }

    private void removeAll() {
        remove("views*.db*", name -> true);
    }

    private void remove(String names, Predicate<String> unwanted) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, names)) {
            for (Path file : files) {
                if (unwanted.test(file.getFileName().toString())) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new ViewsUnavailable(folder + " cannot be cleared of its views: " + e.getMessage(), e);
        }
    }

    /** Empty where there is no index yet. */
    <T> Optional<T> find(SqliteViews.Search<T> search) {
        SqliteViews open = index();
        if (open == null) {
            return Optional.empty();
        }
        try {
            return open.find(search);
        } catch (ViewsDamaged e) {
            discardIndex();
            throw e;
        }
    }

    void write(SqliteViews.Update update) {
        SqliteViews open = index();
        if (open == null) {
            throw new ViewsUnavailable(indexPath() + " is not there yet", null);
        }
        try {
            open.write(update);
        } catch (ViewsDamaged e) {
            discardIndex();
            throw e;
        }
    }

    /** The feeder makes a new one at the next use. */
    private synchronized void discardIndex() {
        if (index != null) {
            index.close();
            index = null;
        }
        if (lock != null) {
            removeAll();
        }
    }

    @Override
    public synchronized void close() {
        if (index != null) {
            index.close();
            index = null;
        }
        closeLock();
        tidy = false;
    }

    /** A number that no generation of this folder had, also where the index was replaced: others may still have the old file open. */
    private synchronized int nextNumber(SqliteViews.Session session) throws SQLException {
        Long last = session.number("SELECT max(CAST(text AS INTEGER)) FROM notes WHERE views = '' AND name = 'last'");
        long next = Math.max(
                1 + Math.max(lastNumber, last == null ? 0 : last),
                clock.instant().getEpochSecond());
        session.update("INSERT OR REPLACE INTO notes VALUES ('', 'last', ?)", Long.toString(next));
        lastNumber = (int) next;
        return lastNumber;
    }

    private final class SqliteFeed implements Feed {
        private final String views;
        private final Map<Integer, SqliteGeneration> opened = new HashMap<>();

        SqliteFeed(String views) {
            this.views = views;
        }

        @Override
        public boolean acquire() {
            return SqliteViewStore.this.acquire();
        }

        @Override
        public boolean isHeld() {
            return SqliteViewStore.this.isHeld();
        }

        @Override
        public boolean keep() {
            return SqliteViewStore.this.keep();
        }

        /** Closes the files; the lock is the store's and ends with it. */
        @Override
        public synchronized void release() {
            opened.values().forEach(generation -> generation.views().close());
            opened.clear();
        }

        private Path file(int number) {
            return folder.resolve(fileName(views, number));
        }

        private synchronized SqliteGeneration generation(int number) {
            return opened.computeIfAbsent(number, n -> new SqliteGeneration(n, file(n)));
        }

        @Override
        public @Nullable Generation served() {
            Long number = find(session ->
                            session.number("SELECT number FROM generations WHERE views = ? AND served = 1", views))
                    .orElse(null);
            if (number == null) {
                return null;
            }
            if (Files.notExists(file(number.intValue()))) {
                throw new ViewsDamaged(file(number.intValue()) + " is missing");
            }
            return generation(number.intValue());
        }

        @Override
        public List<Generation> others() {
            return find(session -> {
                        List<Generation> others = new ArrayList<>();
                        try (ResultSet rows = session.statement(
                                        "SELECT number FROM generations WHERE views = ? AND served = 0 ORDER BY number",
                                        views)
                                .executeQuery()) {
                            while (rows.next()) {
                                others.add(generation(rows.getInt(1)));
                            }
                        }
                        return others;
                    })
                    .orElse(List.of());
        }

        @Override
        public Generation begin() {
            int[] number = new int[1];
            write(session -> {
                number[0] = nextNumber(session);
                session.update("INSERT INTO generations VALUES (?, ?, 0)", views, number[0]);
            });
            SqliteGeneration generation = generation(number[0]);
            generation.make();
            return generation;
        }

        @Override
        public void serve(@Nullable Generation generation) {
            int number = generation == null ? 0 : generation.number();
            write(session ->
                    session.update("UPDATE generations SET served = (number = ?) WHERE views = ?", number, views));
        }

        @Override
        public void drop(Generation generation) {
            SqliteViews file = ((SqliteGeneration) generation).views();
            synchronized (this) {
                opened.remove(generation.number());
            }
            if (isHeld()) {
                write(session -> session.update(
                        "DELETE FROM generations WHERE views = ? AND number = ?", views, generation.number()));
                file.delete();
            } else {
                file.close();
            }
        }

        @Override
        public Optional<String> note(String name) {
            return find(session -> {
                try (ResultSet row = session.statement(
                                "SELECT text FROM notes WHERE views = ? AND name = ?", views, name)
                        .executeQuery()) {
                    return row.next() ? row.getString(1) : null;
                }
            });
        }

        @Override
        public void note(String name, String text) {
            write(session -> session.update("INSERT OR REPLACE INTO notes VALUES (?, ?, ?)", views, name, text));
        }
    }
}
