package issueledger.tlog;

import issueledger.projections.SqliteViews;
import java.sql.ResultSet;
import java.util.Collection;
import java.util.List;

/** Tiles in an SQLite file: a row a tile. */
final class SqliteTiles implements TileStore {
    private static final List<String> SCHEMA =
            List.of("CREATE TABLE IF NOT EXISTS tiles (key INTEGER PRIMARY KEY, hashes BLOB NOT NULL) STRICT");
    private static final String WRITE = """
        INSERT INTO tiles VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET hashes = excluded.hashes
        WHERE length(tiles.hashes) < length(excluded.hashes)\
        """;
    private static final int LEVEL_BITS = 56;

    private final SqliteViews file;

    SqliteTiles(SqliteViews file) {
        this.file = file;
        long tables = file.find(session -> session.number("SELECT count(*) FROM sqlite_schema WHERE name = 'tiles'"))
                .orElse(0L);
        if (tables == 0) {
            file.write(session -> session.execute(SCHEMA));
        }
    }

    private static long key(int level, long index) {
        return ((long) level << LEVEL_BITS) | index;
    }

    @Override
    public byte[] read(int level, long index) {
        return file.read(session -> {
            try (ResultSet row = session.statement("SELECT hashes FROM tiles WHERE key = ?", key(level, index))
                    .executeQuery()) {
                return row.next() ? row.getBytes(1) : new byte[0];
            }
        });
    }

    @Override
    public void write(Collection<StoredTile> tiles) {
        file.write(session -> {
            for (StoredTile tile : tiles) {
                session.update(WRITE, key(tile.level(), tile.index()), tile.hashes());
            }
        });
    }
}
