package issueledger.web;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import issueledger.startup.Settings;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import org.springframework.mock.env.MockEnvironment;

class CommandLogTest {
    private static final LoggerContext CONTEXT = (LoggerContext) LoggerFactory.getILoggerFactory();

    @Test
    void it_is_off_unless_it_is_asked_for_and_on_in_json_logs() {
        assertThat(isOn(false)).isFalse();
        assertThat(isOn(true)).isTrue();
        assertThat(isOn(false, "json-logs")).isTrue();
    }

    private static Settings settings(boolean wanted) {
        return Settings.of(Map.of("ISSUE_LEDGER_COMMAND_LOG", Boolean.toString(wanted)));
    }

    private static boolean isOn(boolean wanted, String... profiles) {
        MockEnvironment environment = new MockEnvironment();
        environment.setActiveProfiles(profiles);
        CommandLog log = new CommandLog(settings(wanted), environment);
        try {
            return CONTEXT.getLogger(CommandLog.NAME).isInfoEnabled();
        } finally {
            log.destroy();
        }
    }

    @Test
    @Timeout(60)
    void no_command_waits_for_a_console_that_stands_still() throws InterruptedException {
        Logger root = CONTEXT.getLogger(Logger.ROOT_LOGGER_NAME);
        List<Appender<ILoggingEvent>> usual = new ArrayList<>();
        for (Iterator<Appender<ILoggingEvent>> each = root.iteratorForAppenders(); each.hasNext(); ) {
            usual.add(each.next());
        }
        CountDownLatch standing = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        AppenderBase<ILoggingEvent> console = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent line) {
                standing.countDown();
                try {
                    released.await(2, TimeUnit.MINUTES);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        console.setContext(CONTEXT);
        console.start();
        usual.forEach(root::detachAppender);
        root.addAppender(console);
        CommandLog log = new CommandLog(settings(true), new MockEnvironment());
        try {
            for (int i = 0; i < 20_000; i++) {
                log.line("record-note", "i-1", "ada", false, "200", System.nanoTime())
                        .log("command");
            }
            assertThat(standing.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(released.getCount()).as("it still stands").isEqualTo(1);
        } finally {
            released.countDown();
            root.detachAppender(console);
            usual.forEach(root::addAppender);
            log.destroy();
        }
    }
}
