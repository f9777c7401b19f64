package issueledger.bench.stock;

import issueledger.bench.stock.StockIssue.Description;
import issueledger.bench.stock.StockIssue.OpenIssue;
import issueledger.bench.stock.StockIssue.RecordNote;
import java.util.List;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The two commands over HTTP. */
@RestController
class StockController {
    private final CommandGateway commands;

    StockController(CommandGateway commands) {
        this.commands = commands;
    }

    record Opening(@Nullable String id, String title, Description description, List<String> labels) {}

    record Note(String kind, String text) {}

    record Accepted(String issueId, @Nullable Long note, List<String> events) {}

    @PostMapping("/issues")
    @ResponseStatus(HttpStatus.CREATED)
    Accepted open(@RequestBody Opening body) {
        String id = body.id() == null ? UUID.randomUUID().toString() : body.id();
        commands.sendAndWait(new OpenIssue(id, body.title(), body.description(), body.labels()));
        return new Accepted(id, null, List.of("IssueOpened"));
    }

    @PostMapping("/issues/{id}/record-note")
    Accepted note(@PathVariable String id, @RequestBody Note body) {
        Long note = commands.sendAndWait(new RecordNote(id, body.kind(), body.text()));
        return new Accepted(id, note, List.of("NoteRecorded"));
    }
}
