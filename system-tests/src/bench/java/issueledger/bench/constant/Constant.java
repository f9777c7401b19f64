package issueledger.bench.constant;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

/** Answers the same 200 bytes to every request. */
@RestController
class Constant {
    private static final String JSON = "{\"constant\":\"" + "c".repeat(185) + "\"}";

    @RequestMapping(
            path = "/bench/constant",
            method = {RequestMethod.GET, RequestMethod.POST})
    ResponseEntity<String> constant() {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(JSON);
    }
}
