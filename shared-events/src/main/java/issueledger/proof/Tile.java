package issueledger.proof;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The coordinates of a tile or an entry bundle (C2SP tlog-tiles).
 *
 * @param level 0 for leaf hashes, above it roots of full tiles; {@link #ENTRIES} for an entry bundle
 * @param index its number in the level
 * @param width how many hashes or entries it has; a full one has {@link #FULL}
 */
public record Tile(int level, long index, int width) {
    public static final int FULL = 256;
    public static final int ENTRIES = -1;

    private static final int MAX_LEVEL = 63;
    private static final Pattern PATH =
            Pattern.compile("tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\\.p/([0-9]{1,3}))?");

    public Tile {
        if (level < ENTRIES || level > MAX_LEVEL || index < 0 || width < 1 || width > FULL) {
            throw new IllegalArgumentException("no tile has these coordinates");
        }
    }

    /** The tile of a level as it is in a tree of some size: full, or partial at the end. */
    public static Tile inTree(int level, long index, long size) {
        long width = hashes(level, size) - index * FULL;
        return new Tile(level, index, (int) Math.min(width, FULL));
    }

    /** How many hashes a level has in a tree of some size: one for each full tile beneath it. */
    public static long hashes(int level, long size) {
        int bits = 8 * Math.max(level, 0);
        return bits > 62 ? 0 : size >>> bits;
    }

    /** Reads a path that begins with {@code tile/}; empty for any other spelling than that of {@link #path}. */
    public static Optional<Tile> parse(String path) {
        Matcher parts = PATH.matcher(path);
        if (!parts.matches()) {
            return Optional.empty();
        }
        int level = parts.group(1).equals("entries") ? ENTRIES : Integer.parseInt(parts.group(1));
        long index = Long.parseLong(parts.group(2).replace("/", "").replace("x", ""));
        int width = parts.group(3) == null ? FULL : Integer.parseInt(parts.group(3));
        if (level > MAX_LEVEL || width < 1 || width > FULL) {
            return Optional.empty();
        }
        Tile tile = new Tile(level, index, width);
        return tile.path().equals(path) ? Optional.of(tile) : Optional.empty();
    }

    /** The path below the log's prefix, such as {@code tile/0/x001/x234/067.p/12}. */
    public String path() {
        StringBuilder path = new StringBuilder("%03d".formatted(index % 1000));
        for (long rest = index / 1000; rest > 0; rest /= 1000) {
            path.insert(0, "x%03d/".formatted(rest % 1000));
        }
        return "tile/" + (isEntries() ? "entries" : level) + "/" + path + (isFull() ? "" : ".p/" + width);
    }

    public boolean isFull() {
        return width == FULL;
    }

    public boolean isEntries() {
        return level == ENTRIES;
    }

    /** The full tile at the same place. */
    public Tile full() {
        return new Tile(level, index, FULL);
    }

    /** True if a tree of this size has all of its hashes. */
    public boolean isIn(long size) {
        long hashes = hashes(level, size);
        return index < hashes / FULL || (index == hashes / FULL && width <= hashes % FULL);
    }

    /** The index of its first hash in its level, or of its first entry. */
    public long first() {
        return index * FULL;
    }
}
