package issueledger.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.List;

/** A commit with hashed payloads. The calling thread hashes them, to keep the log's lock short. */
public final class HashedCommit {
    private final Commit commit;
    private final List<HashedEvent> events;
    private volatile boolean givenUp;

    public HashedCommit(Commit commit) {
        this.commit = commit;
        this.events = commit.events().stream().map(HashedEvent::new).toList();
    }

    /** The caller got an unknown outcome. The commit may still land where it was sent to, but is sent nowhere else. */
    void giveUp() {
        givenUp = true;
    }

    public boolean isGivenUp() {
        return givenUp;
    }

    public Commit commit() {
        return commit;
    }

    /** Bytes of payloads and metadata. */
    public int bytes() {
        return events.stream().mapToInt(HashedEvent::bytes).sum();
    }

    /**
     * The commit's hash at its place in the chain.
     *
     * @param previousHash lower-case hex
     * @param recordedAt as it is stored
     */
    public String hash(String previousHash, long firstPosition, String recordedAt) {
        MessageDigest digest = CommitHash.digest();
        digest.update(CommitHash.HEX.parseHex(previousHash));
        long position = firstPosition;
        for (HashedEvent event : events) {
            digest.update(event.entry(position++, recordedAt).getBytes(UTF_8));
        }
        return CommitHash.HEX.formatHex(digest.digest());
    }
}
