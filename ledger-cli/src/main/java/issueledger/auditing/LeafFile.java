package issueledger.auditing;

import issueledger.proof.CompactRange;
import issueledger.proof.Hash;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of leaf hashes, 32 bytes each, that only grows. */
final class LeafFile implements Leaves, AutoCloseable {
    private final FileChannel channel;
    private long size;

    private LeafFile(FileChannel channel, long size) {
        this.channel = channel;
        this.size = size;
    }

    /** @param limit leaves after the first so many are dropped: their checkpoint was not kept */
    static LeafFile open(Path file, long limit) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        long size = Math.min(limit, channel.size() / Hash.BYTES);
        channel.truncate(size * Hash.BYTES);
        return new LeafFile(channel, size);
    }

    /** Opens a file that is only read. */
    static LeafFile read(Path file, long size) throws IOException {
        return new LeafFile(FileChannel.open(file, StandardOpenOption.READ), size);
    }

    /** The tree of all leaves. */
    CompactRange range() throws IOException {
        CompactRange range = new CompactRange();
        channel.position(0);
        InputStream in = new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
        for (long i = 0; i < size; i++) {
            range.append(Hash.of(in.readNBytes(Hash.BYTES)));
        }
        return range;
    }

    /** Appends hashes, which are on the disk once {@link #flush} has returned. */
    void append(byte[] hashes) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(hashes);
        long at = size * Hash.BYTES;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
        size += hashes.length / Hash.BYTES;
    }

    void flush() throws IOException {
        channel.force(false);
    }

    void cut(long to) throws IOException {
        channel.truncate(to * Hash.BYTES);
        size = to;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public Hash leaf(long index) {
        try {
            ByteBuffer bytes = ByteBuffer.allocate(Hash.BYTES);
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, index * Hash.BYTES + bytes.position()) < 0) {
                    throw new IOException("the file of leaves ends early");
                }
            }
            return Hash.of(bytes.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
