package issueledger.web;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import issueledger.http.Problem;
import issueledger.startup.Settings;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;
import org.springframework.stereotype.Component;

/**
 * The logger with a line for each command: off unless it is asked for, on in JSON logs. A thread of its own writes the lines; where it
 * falls behind, lines are left out, and no request waits.
 */
@Component
public final class CommandLog implements DisposableBean {
    public static final String NAME = "issue-ledger.commands";

    private static final int QUEUE = 8_192;

    private final Logger logger;
    private final AsyncAppender writer = new AsyncAppender();

    CommandLog(Settings settings, Environment environment) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        logger = context.getLogger(NAME);
        logger.setLevel(
                settings.commandLog() || environment.acceptsProfiles(Profiles.of(Settings.JSON_LOGS))
                        ? Level.INFO
                        : Level.OFF);
        Iterator<Appender<ILoggingEvent>> console =
                context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).iteratorForAppenders();
        if (console.hasNext()) {
            writer.setContext(context);
            writer.setName(NAME);
            writer.setQueueSize(QUEUE);
            writer.setDiscardingThreshold(0);
            writer.setNeverBlock(true);
            writer.addAppender(console.next());
            writer.start();
            logger.addAppender(writer);
            logger.setAdditive(false);
        }
    }

    /** Builds the log line; the caller adds the message. With tokens the actor is the token's subject. */
    public LoggingEventBuilder line(
            String command, @Nullable String issue, String actor, boolean dry, String outcome, long start) {
        LoggingEventBuilder line = logger.atInfo()
                .addKeyValue("command", command)
                .addKeyValue("issue", issue == null ? "" : issue)
                .addKeyValue("actor", actor.replace('"', '\''))
                .addKeyValue("outcome", outcome)
                .addKeyValue("ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        return dry ? line.addKeyValue("dry", true) : line;
    }

    public static String outcome(int status, @Nullable Problem problem) {
        Object reason = problem == null ? null : problem.members().get("reason");
        return status + (problem == null ? "" : " " + (reason == null ? problem.name() : reason));
    }

    /** Begins the line of a bulk request. */
    public LoggingEventBuilder bulk() {
        return logger.atInfo();
    }

    /** Writes the lines that are left. */
    @Override
    public void destroy() {
        logger.detachAppender(writer);
        writer.stop();
    }
}
