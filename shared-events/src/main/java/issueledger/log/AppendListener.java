package issueledger.log;

import java.time.Duration;

/** Is told of the groups that the appender writes, on its thread; must be quick. */
public interface AppendListener {
    /** A listener that does nothing. */
    AppendListener NONE = new AppendListener() {
        @Override
        public void written(int commits, Duration took) {}

        @Override
        public void failed() {}
    };

    /** @param took the time from the group's begin to its durable end */
    void written(int commits, Duration took);

    /** A group could not be written, or its outcome is not known. */
    void failed();
}
