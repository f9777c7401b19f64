package issueledger.projections;

import issueledger.log.RecordedEvent;
import java.util.List;

/** A view that is kept up with the log. */
public interface Projection {

    /** Its name in {@code /projections} and in paths, kebab-case. */
    String name();

    /**
     * What its token and its collections are kept under where they outlive the process: its name and the format of what it stores. One
     * that stores something else than before takes another, and is filled anew beside the old.
     */
    String storedAs();

    /**
     * Takes the next events of the log, in order. Events that were taken before may come again and must change nothing. An event that
     * cannot be read or folded is parked, with the later events of its issue; it is no reason to throw.
     */
    void apply(List<RecordedEvent> batch);

    /** How many events are parked. */
    long parked();
}
